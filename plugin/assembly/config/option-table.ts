// Written by plugin/build/generate.ts from plugin/config.schema.json.
import { utf8 } from '../memory/span'
import { Option, TextFormat, choice, flag, names, text, whole } from './option'
import { Options } from './options'

export const OPTIONS: Option[] = [
  text(
    utf8('moesif_application_id'),
    offsetof<Options>('moesifApplicationId'),
    utf8(''),
    TextFormat.Secret,
  ),
  text(utf8('user_id_header'), offsetof<Options>('userIdHeader'), utf8(''), TextFormat.HeaderName),
  text(
    utf8('company_id_header'),
    offsetof<Options>('companyIdHeader'),
    utf8(''),
    TextFormat.HeaderName,
  ),
  text(utf8('upstream'), offsetof<Options>('upstream'), utf8('moesif_api'), TextFormat.Printable),
  text(
    utf8('base_uri'),
    offsetof<Options>('baseUri'),
    utf8('https://api.moesif.net'),
    TextFormat.Printable,
  ),
  whole(utf8('connection_timeout'), offsetof<Options>('connectionTimeout'), 5000, 1, 300000, false),
  whole(utf8('batch_max_size'), offsetof<Options>('batchMaxSize'), 100, 1, 1000, false),
  whole(utf8('batch_max_wait'), offsetof<Options>('batchMaxWait'), 2000, 50, 600000, false),
  whole(utf8('batch_max_bytes'), offsetof<Options>('batchMaxBytes'), 262144, 1024, 10485760, false),
  whole(
    utf8('queue_max_bytes'),
    offsetof<Options>('queueMaxBytes'),
    8388608,
    16384,
    268435456,
    false,
  ),
  choice(
    utf8('queue_overflow'),
    offsetof<Options>('queueOverflow'),
    0,
    utf8('drop_newest drop_oldest '),
  ),
  whole(utf8('retry_max_age'), offsetof<Options>('retryMaxAge'), 600000, 1000, 86400000, false),
  flag(utf8('enable_compression'), offsetof<Options>('enableCompression'), false, false),
  whole(
    utf8('shutdown_max_bytes'),
    offsetof<Options>('shutdownMaxBytes'),
    1048576,
    0,
    10485760,
    false,
  ),
  whole(
    utf8('request_max_body_size_limit'),
    offsetof<Options>('requestMaxBodySizeLimit'),
    100000,
    0,
    1000000,
    false,
  ),
  whole(
    utf8('response_max_body_size_limit'),
    offsetof<Options>('responseMaxBodySizeLimit'),
    100000,
    0,
    1000000,
    false,
  ),
  flag(
    utf8('disable_capture_request_body'),
    offsetof<Options>('disableCaptureRequestBody'),
    false,
    true,
  ),
  flag(
    utf8('disable_capture_response_body'),
    offsetof<Options>('disableCaptureResponseBody'),
    false,
    true,
  ),
  names(utf8('request_header_masks'), offsetof<Options>('requestHeaderMasks')),
  names(utf8('response_header_masks'), offsetof<Options>('responseHeaderMasks')),
  flag(utf8('disable_metadata'), offsetof<Options>('disableMetadata'), false, true),
  flag(utf8('debug'), offsetof<Options>('debug'), false, false),
]
