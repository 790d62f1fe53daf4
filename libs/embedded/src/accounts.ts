import { readFileSync } from 'node:fs';

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Accounts of this machine in the order of their list; empty where there is no list. */
export function readAccounts(): Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }));
  } catch {
    return [];
  }
}

/** The account that is least likely to be anybody's: one made for databases, then nobody, then any but root. */
export function unprivileged(accounts: readonly Account[]): Account | undefined {
  for (const name of ['drover', 'postgres', 'nobody']) {
    const found = accounts.find((account) => account.name === name && account.uid > 0);
    if (found) return found;
  }
  return accounts.find((account) => account.uid > 0);
}
