import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { queries } from './queries.js';
import type { EnrolledNode, Invitation, InviteNode, Node } from './types.js';

const KEY = ['nodes'] as const;

/** All nodes, by name; read anew every few seconds while they show. */
export const useNodes = (): UseQueryResult<Node[]> =>
  useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/agents', { signal }))).agents,
    refetchInterval: 5_000,
  });

/** Drains a node, or lets it take jobs again. */
export const useDrainNode = () =>
  useMutation({
    mutationFn: ({ name, drain }: { name: string; drain: boolean }) => {
      const params = { path: { name } };
      return take(
        drain
          ? api.POST('/api/v1/agents/{name}/drain', { params })
          : api.POST('/api/v1/agents/{name}/undrain', { params }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });

/** Nodes that have a key of their own, by name; read by those who may operate alone (`asked`). */
export const useEnrolledNodes = (asked: boolean): UseQueryResult<EnrolledNode[]> =>
  useQuery({
    queryKey: [...KEY, 'enrolled'],
    enabled: asked,
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/nodes', { signal }))).nodes,
    refetchInterval: 5_000,
  });

/** Invitations of new nodes, the newest first; a machine that comes is seen within two seconds. */
export const useInvitations = (): UseQueryResult<Invitation[]> =>
  useQuery({
    queryKey: [...KEY, 'invitations'],
    queryFn: async ({ signal }) => (await take(api.GET('/api/v1/nodes/invitations', { signal }))).invitations,
    refetchInterval: 2_000,
  });

/** Invites one new node. The answer has the token, which is shown this once. */
export const useInvite = () =>
  useMutation({
    mutationFn: (terms: InviteNode) => take(api.POST('/api/v1/nodes/invitations', { body: terms })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });

/** Revokes an invitation that no node has used. */
export const useRevokeInvitation = () =>
  useMutation({
    mutationFn: ({ id }: Pick<Invitation, 'id'>) =>
      take(api.DELETE('/api/v1/nodes/invitations/{id}', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });

/** Ends the key of a node. */
export const useRevokeNode = () =>
  useMutation({
    mutationFn: ({ name }: Pick<EnrolledNode, 'name'>) =>
      take(api.DELETE('/api/v1/nodes/{name}', { params: { path: { name } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
