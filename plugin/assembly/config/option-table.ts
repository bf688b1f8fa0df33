// Written by plugin/build/generate.ts from plugin/config.schema.json.
import { Option, TextFormat, choice, flag, names, text, whole } from './option'
import { Options } from './options'

export const OPTIONS: Option[] = [
  text('moesif_application_id', offsetof<Options>('moesifApplicationId'), '', TextFormat.Secret),
  text('user_id_header', offsetof<Options>('userIdHeader'), '', TextFormat.HeaderName),
  text('company_id_header', offsetof<Options>('companyIdHeader'), '', TextFormat.HeaderName),
  text('upstream', offsetof<Options>('upstream'), 'moesif_api', TextFormat.Printable),
  text('base_uri', offsetof<Options>('baseUri'), 'https://api.moesif.net', TextFormat.Printable),
  whole('connection_timeout', offsetof<Options>('connectionTimeout'), 5000, 1, 300000, false),
  whole('batch_max_size', offsetof<Options>('batchMaxSize'), 100, 1, 1000, false),
  whole('batch_max_wait', offsetof<Options>('batchMaxWait'), 2000, 50, 600000, false),
  whole('batch_max_bytes', offsetof<Options>('batchMaxBytes'), 262144, 1024, 10485760, false),
  whole('queue_max_bytes', offsetof<Options>('queueMaxBytes'), 8388608, 16384, 268435456, false),
  choice('queue_overflow', offsetof<Options>('queueOverflow'), 0, 'drop_newest drop_oldest '),
  whole('retry_max_age', offsetof<Options>('retryMaxAge'), 600000, 1000, 86400000, false),
  flag('enable_compression', offsetof<Options>('enableCompression'), false, false),
  whole('shutdown_max_bytes', offsetof<Options>('shutdownMaxBytes'), 1048576, 0, 10485760, false),
  whole(
    'request_max_body_size_limit',
    offsetof<Options>('requestMaxBodySizeLimit'),
    100000,
    0,
    1000000,
    false,
  ),
  whole(
    'response_max_body_size_limit',
    offsetof<Options>('responseMaxBodySizeLimit'),
    100000,
    0,
    1000000,
    false,
  ),
  flag('disable_capture_request_body', offsetof<Options>('disableCaptureRequestBody'), false, true),
  flag(
    'disable_capture_response_body',
    offsetof<Options>('disableCaptureResponseBody'),
    false,
    true,
  ),
  names('request_header_masks', offsetof<Options>('requestHeaderMasks')),
  names('response_header_masks', offsetof<Options>('responseHeaderMasks')),
  flag('disable_metadata', offsetof<Options>('disableMetadata'), false, true),
  flag('debug', offsetof<Options>('debug'), false, false),
]
