import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { ABILITIES, ROLES, type Ability, type Role } from '@drover/access';

/** The credentials of a client, as `drover clients create` shows them once. */
export class LoginDto {
  /** The name of the client. */
  @IsString()
  @Length(1, 200)
  client_id: string;

  /** Its key. */
  @IsString()
  @Length(1, 1_000)
  key: string;
}

/** The client that sends this request, and what it may do. */
export class SessionDto {
  /** none: nobody logs in here, and every request may do everything. oauth2: clients log in. */
  @ApiProperty({ enum: ['none', 'oauth2'] })
  auth: 'none' | 'oauth2';
  /** Null: nobody has logged in. */
  client_id: string | null;
  @ApiProperty({ enum: ROLES, enumName: 'Role', nullable: true })
  role: Role | null;
  /** The project that what it makes belongs to. */
  project: string | null;
  /** The kinds of requests it may send (docs/security.md, "Roles"). */
  @ApiProperty({ enum: ABILITIES, enumName: 'Ability', isArray: true })
  abilities: Ability[];
  /** The end of the session. Null: the request came without one. */
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  expires_at: string | null;
}
