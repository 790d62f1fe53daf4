import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { type BlobStore, BLOBS } from '@drover/blobs';
import { DroverError } from '@drover/domain';
import { Needs, ApiProblems, parseRange } from '@drover/http';
import { QueryService } from '@drover/jobs';
import { artifactPath } from '../agent-protocol/artifact-path.js';
import { ArtifactListDto } from './dto/views.dto.js';
import { JobId } from './job-id.pipe.js';
import { fromArtifact } from './translate.js';

@ApiTags('jobs')
@Needs('read')
@Controller('api/v1/jobs/:id/artifacts')
export class ArtifactsController {
  constructor(
    private readonly query: QueryService,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /**
   * Lists the files a job left, by path
   *
   * The files that fit its `artifacts` patterns, with size and SHA-256.
   */
  @Get()
  @ApiOkResponse({ type: ArtifactListDto, description: 'The files' })
  @ApiProblems(404)
  async list(@Param('id', JobId) id: string): Promise<ArtifactListDto> {
    await this.query.get(id);
    return { artifacts: (await this.query.artifacts(id)).map(fromArtifact) };
  }

  /**
   * Downloads a file, whole or a range of its bytes
   *
   * It is always sent as an attachment, with its SHA-256 as its ETag.
   */
  @Get('*path')
  @ApiParam({ name: 'path', description: 'As the list gives it', schema: { type: 'string' } })
  @ApiHeader({ name: 'Range', required: false, description: 'One range of bytes', schema: { type: 'string' } })
  @ApiOkResponse({
    description: 'The bytes',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblems(404, 416, 422)
  async download(
    @Param('id', JobId) id: string,
    @Param('path') path: string | string[],
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.query.get(id);
    const wanted = artifactPath(Array.isArray(path) ? path.join('/') : path);
    const artifact = await this.query.artifact(id, wanted);
    if (!artifact)
      throw new DroverError('not_found', `Job ${id} has no artifact ${wanted}; see GET /api/v1/jobs/${id}/artifacts.`);
    const range = parseRange(request.headers.range, artifact.size);
    if (range === 'unsatisfiable')
      throw new DroverError('gap', `The artifact has ${artifact.size} bytes.`, { stored: artifact.size });
    const name = wanted.split('/').at(-1) ?? 'artifact';
    const headers = {
      'Content-Type': artifact.content_type,
      'Content-Length': range ? range.end - range.start + 1 : artifact.size,
      // Whatever a job wrote is nobody's web page.
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Accept-Ranges': 'bytes',
      ETag: `"${artifact.sha256}"`,
      ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${artifact.size}` } : {}),
    };
    if (request.method === 'HEAD') {
      response.writeHead(range ? 206 : 200, headers).end();
      return;
    }
    const body = await this.blobs.get(artifact.blob_key, range ?? undefined);
    response.writeHead(range ? 206 : 200, headers);
    // A client that leaves is no failure of ours; a source that fails cuts the connection.
    await pipeline(body, response).catch(() => response.destroy());
  }
}
