import { describe, expect, it } from 'vitest';
import { addressOf, bodyOf, faultsByField, isOwnMachine, NEW_DRAFT } from './draft.js';

describe('the terms of an invitation', () => {
  it('leave out what is not filled in', () => {
    expect(bodyOf(NEW_DRAFT)).toEqual({ expires_s: 3_600, ticket_login: false });
  });

  it('are lists of queues and labels, as they are typed', () => {
    const draft = { ...NEW_DRAFT, queues: ' build, gpu  big ', labels: 'zone = a,, disk=a=b ', slots: '4' };
    expect(bodyOf(draft)).toMatchObject({
      queues: ['build', 'gpu', 'big'],
      labels: { zone: 'a', disk: 'a=b' },
      slots: 4,
    });
  });

  it('keep what is wrong, so that the API says what is wrong with it', () => {
    expect(bodyOf({ ...NEW_DRAFT, labels: 'fast', slots: 'many' })).toMatchObject({
      labels: { '': 'fast' },
      slots: 'many',
    });
  });

  it('have the first fault of each field at the field, of an item of a list as well', () => {
    const faults = faultsByField([
      { field: 'queues.1', message: 'first' },
      { field: 'queues.2', message: 'second' },
      { field: 'slots', message: 'third' },
    ]);
    expect([...faults].toSorted()).toEqual([
      ['queues', 'first'],
      ['slots', 'third'],
    ]);
  });
});

describe('the address at which the new machine finds the API', () => {
  it('has no slash at its end, and nothing that a shell would take for more', () => {
    expect(addressOf(' https://broker.lab.example:8443/ ')).toBe('https://broker.lab.example:8443');
    expect(addressOf('https://broker.lab.example/drover/')).toBe('https://broker.lab.example/drover');
    for (const text of ['', 'broker:8080', 'ftp://broker', 'http://', 'http://broker/;id', 'http://broker/$(id)'])
      expect([text, addressOf(text)]).toEqual([text, null]);
  });

  it('is known where it leads every machine to itself', () => {
    expect(
      ['http://localhost:8080', 'http://127.0.0.2', 'http://[::1]:80', 'http://broker', 'http://10.1.2.7'].map(
        isOwnMachine,
      ),
    ).toEqual([true, true, true, false, false]);
  });
});
