import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { connection } from './connection.js';
import { Fault } from './fault.js';

/** The session's query; named here because every refusal for want of a login asks it anew. */
export const SESSION_KEY = ['session'] as const;

const onError = (error: unknown): void => {
  if (error instanceof Fault && error.status === 401) void queries.invalidateQueries({ queryKey: SESSION_KEY });
};

/**
 * The answers of the API, kept for a while. Nothing is tried again by itself: while the API is away `connection` looks
 * for it, and everything that is shown is read anew when it is back.
 */
export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => query.queryKey !== SESSION_KEY && onError(error) }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: false, staleTime: 3_000, gcTime: 120_000, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

connection.onReturn(() => void queries.invalidateQueries());
