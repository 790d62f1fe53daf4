import { Controller, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  authRefusal,
  isObject,
  unprocessable,
  V1ErrorsFilter,
  V1Tokens,
  type V1Request,
} from '@drover/dialects/v1-jobs';
import { DialectGuards } from '@drover/http';

interface TokenReply {
  access_token: string;
  token_type: 'Bearer';
}

/** How a client gets its access token. Open to all, and never 401: the client would come back without end. */
@ApiTags('Flux RESTful')
@DialectGuards()
@Controller('v1')
@UseFilters(V1ErrorsFilter)
export class TokenController {
  constructor(private readonly tokens: V1Tokens) {}

  @Post('token')
  @HttpCode(200)
  @ApiOperation({ summary: 'An access token for who shares the secret key' })
  async token(@Req() request: V1Request): Promise<TokenReply> {
    return { access_token: await this.tokens.exchange(request.headers.authorization), token_type: 'Bearer' };
  }

  @Post('login/access-token')
  @HttpCode(200)
  @ApiOperation({ summary: 'An access token for name and password, as a form' })
  async login(@Req() request: V1Request): Promise<TokenReply> {
    const form = isObject(request.body) ? request.body : {};
    const missing = ['username', 'password'].filter((name) => typeof form[name] !== 'string' || form[name] === '');
    if (missing.length > 0)
      throw unprocessable(
        missing.map((name) => ({ loc: ['body', name], msg: 'field required', type: 'value_error.missing' })),
      );
    const user = this.tokens.check(form['username'] as string, form['password'] as string);
    if (!user) throw authRefusal(400, 'Incorrect email or password');
    if (!user.active) throw authRefusal(400, 'Inactive user');
    return { access_token: await this.tokens.issue(user), token_type: 'Bearer' };
  }
}
