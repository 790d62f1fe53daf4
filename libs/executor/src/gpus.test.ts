import { describe, expect, it } from 'vitest';
import { parseNvidiaSmi, parseRocmSmi } from './gpus.js';

describe('what the GPU tools print', () => {
  it('nvidia-smi: numbers with their units, and null for what it does not know', () => {
    const text =
      '0, NVIDIA A100-SXM4-40GB, GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77, 87, 12034, 40960, 61, 312.45\n' +
      '1, Tesla M60, GPU-2f0c, [N/A], 0, 8192, [Not Supported], [Unknown Error]\n\n';
    expect(parseNvidiaSmi(text)).toEqual([
      {
        index: 0,
        name: 'NVIDIA A100-SXM4-40GB',
        uuid: 'GPU-5d5ba0d6-d33d-2b2c-524d-9e3d8d2b8a77',
        vendor: 'nvidia',
        utilization_percent: 87,
        memory_used_bytes: 12034 * 1024 * 1024,
        memory_total_bytes: 40960 * 1024 * 1024,
        temperature_celsius: 61,
        power_watts: 312.45,
      },
      {
        index: 1,
        name: 'Tesla M60',
        uuid: 'GPU-2f0c',
        vendor: 'nvidia',
        utilization_percent: null,
        memory_used_bytes: 0,
        memory_total_bytes: 8192 * 1024 * 1024,
        temperature_celsius: null,
        power_watts: null,
      },
    ]);
  });

  it('rocm-smi: a card an object, whichever name its version gives the power', () => {
    const text = JSON.stringify({
      card0: {
        'Unique ID': '0x8e0c1d',
        'Card Series': 'Instinct MI210',
        'GPU use (%)': '12',
        'VRAM Total Memory (B)': '68702699520',
        'VRAM Total Used Memory (B)': '10960896',
        'Temperature (Sensor edge) (C)': '38.0',
        'Average Graphics Package Power (W)': '41.0',
      },
      card1: { 'GPU use (%)': 'N/A', 'Current Socket Graphics Package Power (W)': '90.5' },
      system: { 'Driver version': '6.3.6' },
    });
    expect(parseRocmSmi(text)).toEqual([
      {
        index: 0,
        name: 'Instinct MI210',
        uuid: '0x8e0c1d',
        vendor: 'amd',
        utilization_percent: 12,
        memory_used_bytes: 10960896,
        memory_total_bytes: 68702699520,
        temperature_celsius: 38,
        power_watts: 41,
      },
      {
        index: 1,
        name: '',
        uuid: null,
        vendor: 'amd',
        utilization_percent: null,
        memory_used_bytes: null,
        memory_total_bytes: null,
        temperature_celsius: null,
        power_watts: 90.5,
      },
    ]);
  });

  it('nonsense is no GPU', () => {
    expect(parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n')).toEqual(
      [],
    );
    expect(parseRocmSmi('WARNING: No AMD GPUs specified\n')).toEqual([]);
    expect(parseRocmSmi('[]')).toEqual([]);
  });
});
