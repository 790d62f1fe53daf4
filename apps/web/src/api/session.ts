import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { queries, SESSION_KEY } from './queries.js';
import type { Ability, Session } from './types.js';

/** The client that looks, and its abilities. */
export const useSession = (): UseQueryResult<Session> =>
  useQuery({ queryKey: SESSION_KEY, queryFn: () => take(api.GET('/api/v1/session')), staleTime: 60_000 });

/** Whether a request of this kind would be let through: what would be refused is not offered. */
export function useMay(): (ability: Ability) => boolean {
  const { data } = useSession();
  return (ability) => data?.abilities.includes(ability) ?? false;
}

/** Whether a job may be cancelled, retried and changed: submitters change what they own, operators everything. */
export function useMayControl(): (job: { owner: string }) => boolean {
  const { data } = useSession();
  return ({ owner }) =>
    data !== undefined &&
    data.abilities.includes('submit') &&
    (data.auth === 'none' || data.abilities.includes('operate') || data.client_id === owner);
}

/** Takes everything out of what was read but the session itself, which is being looked at. */
const forgetAnswers = (): void =>
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });

export const useLogIn = () =>
  useMutation({
    mutationFn: (login: { client_id: string; key: string }) => take(api.POST('/api/v1/session', { body: login })),
    onSuccess: (session) => {
      // The next one sees nothing that the one before has read.
      forgetAnswers();
      queries.setQueryData(SESSION_KEY, session);
    },
  });

export const useLogOut = () =>
  useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/session')),
    onSuccess: () => {
      forgetAnswers();
      void queries.invalidateQueries({ queryKey: SESSION_KEY });
    },
  });
