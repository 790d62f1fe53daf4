import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROJECT } from '../support/built.js';
import { dashboards, variablesOf } from '../support/dashboards.js';

const read = <T>(file: string): T => parse(readFileSync(join(PROJECT, file), 'utf8'), { merge: true }) as T;

describe('the dashboards for Grafana', () => {
  it.each(dashboards().map((dashboard) => [dashboard.file, dashboard] as const))(
    '%s names each panel once, says what it shows, and lays none over another',
    (_, { panels, uid }) => {
      expect(uid).toMatch(/^drover-\w+$/);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      for (const { title, description = '', targets } of panels) {
        expect(description, title).toMatch(/^[A-Z0-9].{10,}\.$/);
        expect(targets.length, title).toBeGreaterThan(0);
        // A legend of several series tells them apart.
        for (const { expr, legendFormat } of targets)
          for (const label of variablesOf(legendFormat)) expect(expr, title).toContain(label);
      }
      const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
        expect(x + w, title).toBeLessThanOrEqual(24);
        return Array.from({ length: w * h }, (__, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
      });
      expect(new Set(cells).size).toBe(cells.length);
    },
  );

  it('are provisioned where docker compose mounts them, with a data source that is there', () => {
    const { services } = read<{ services: Record<string, { volumes?: string[]; profiles?: string[] }> }>(
      'docker-compose.yml',
    );
    const mounts = new Map(
      (services['grafana']?.volumes ?? []).map(
        (volume) => volume.split(':').slice(0, 2).toReversed() as [string, string],
      ),
    );
    expect(services['grafana']?.profiles).toEqual(['monitoring']);
    const { providers } = read<{ providers: { options: { path: string } }[] }>(
      'deploy/grafana/provisioning/dashboards/drover.yml',
    );
    for (const { options } of providers) expect(mounts.get(options.path)).toBe('./deploy/grafana/dashboards');
    const provisioning = mounts.get('/etc/grafana/provisioning') ?? '';
    expect(existsSync(join(PROJECT, provisioning, 'datasources/prometheus.yml'))).toBe(true);
    const { datasources } = read<{ datasources: { type: string; url: string }[] }>(
      'deploy/grafana/provisioning/datasources/prometheus.yml',
    );
    expect(datasources).toEqual([expect.objectContaining({ type: 'prometheus', url: 'http://prometheus:9090' })]);
    expect(services['prometheus']).toBeDefined();
  });
});
