import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Identity } from './decorators.js';

/** Which proxy stands below which. */
@Entity('proxy_tree_edge')
export class ProxyTreeEdgeEntity {
  @PrimaryColumn('text') child: string;
  @Column('text') parent: string;
  @Identity({ select: false }) seq: string;
}
