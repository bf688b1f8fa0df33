// Written by plugin/build/generate.ts from plugin/config.schema.json.
import { utf8 } from '../memory/span'
import { ListKind } from './list'
import { Option, TextFormat, choice, conditions, flag, list, table, text, whole } from './option'
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
  list(utf8('user_id_sources'), offsetof<Options>('userIdSources'), ListKind.Sources),
  list(utf8('company_id_sources'), offsetof<Options>('companyIdSources'), ListKind.Sources),
  list(utf8('session_token_sources'), offsetof<Options>('sessionTokenSources'), ListKind.Sources),
  list(
    utf8('subscription_id_sources'),
    offsetof<Options>('subscriptionIdSources'),
    ListKind.Sources,
  ),
  list(utf8('api_version_sources'), offsetof<Options>('apiVersionSources'), ListKind.Sources),
  list(utf8('client_ip_sources'), offsetof<Options>('clientIpSources'), ListKind.AddressSources),
  text(
    utf8('authorization_header_name'),
    offsetof<Options>('authorizationHeaderName'),
    utf8(''),
    TextFormat.Words,
  ),
  text(
    utf8('authorization_user_id_field'),
    offsetof<Options>('authorizationUserIdField'),
    utf8(''),
    TextFormat.Words,
  ),
  text(
    utf8('authorization_company_id_field'),
    offsetof<Options>('authorizationCompanyIdField'),
    utf8(''),
    TextFormat.Words,
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
  flag(utf8('enable_compression'), offsetof<Options>('enableCompression'), false),
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
  flag(utf8('disable_capture_request_body'), offsetof<Options>('disableCaptureRequestBody'), true),
  flag(
    utf8('disable_capture_response_body'),
    offsetof<Options>('disableCaptureResponseBody'),
    true,
  ),
  list(
    utf8('capture_body_content_types'),
    offsetof<Options>('captureBodyContentTypes'),
    ListKind.MediaTypes,
  ),
  flag(utf8('disable_body_decompression'), offsetof<Options>('disableBodyDecompression'), true),
  list(
    utf8('request_header_masks'),
    offsetof<Options>('requestHeaderMasks'),
    ListKind.RequestHeaders,
  ),
  list(
    utf8('response_header_masks'),
    offsetof<Options>('responseHeaderMasks'),
    ListKind.ResponseHeaders,
  ),
  list(
    utf8('request_header_allow'),
    offsetof<Options>('requestHeaderAllow'),
    ListKind.AllowedHeaders,
  ),
  list(
    utf8('response_header_allow'),
    offsetof<Options>('responseHeaderAllow'),
    ListKind.AllowedHeaders,
  ),
  list(utf8('request_query_masks'), offsetof<Options>('requestQueryMasks'), ListKind.Parameters),
  list(utf8('request_body_masks'), offsetof<Options>('requestBodyMasks'), ListKind.BodyMasks),
  list(utf8('response_body_masks'), offsetof<Options>('responseBodyMasks'), ListKind.BodyMasks),
  conditions(utf8('skip'), offsetof<Options>('skipAt')),
  flag(utf8('disable_metadata'), offsetof<Options>('disableMetadata'), true),
  table(utf8('metadata'), offsetof<Options>('metadata')),
  flag(utf8('disable_sampling'), offsetof<Options>('disableSampling'), false),
  flag(utf8('enable_governance'), offsetof<Options>('enableGovernance'), false),
  whole(
    utf8('documents_max_bytes'),
    offsetof<Options>('documentsMaxBytes'),
    4194304,
    1024,
    67108864,
    false,
  ),
  flag(utf8('debug'), offsetof<Options>('debug'), false),
]

export const AUTHORIZATION_HEADER_NAME = utf8('authorization')

export const AUTHORIZATION_USER_ID_FIELD = utf8('sub')
