//! How large a request, a value or a message may be, by name.
//!
//! The listener enforces the byte limits while it reads, the parsers enforce the shape limits; one
//! table keeps the two from drifting apart.
//!
//! **Source**: limits table of the reliability and security page (section 3), unless a line names
//! another.

/// Longest request line and longest URL. Past it: 414.
pub const URL_BYTES_MAX: usize = 16 * 1_024;
/// Longest single header line. Past it: 431.
pub const HEADER_BYTES_MAX: usize = 16 * 1_024;
/// All header lines together. Past it: 431.
pub const HEADERS_BYTES_MAX: usize = 32 * 1_024;
/// How many header lines. Past it: 431.
pub const HEADERS_MAX: usize = 100;

/// Body of an aws-json request. Past it: 413 `RequestEntityTooLargeException`.
pub const COGNITO_BODY_BYTES_MAX: usize = 1_024 * 1_024;
/// Body of a query request. Past it: 413.
pub const QUERY_BODY_BYTES_MAX: usize = 512 * 1_024;
/// Parameters of a query request, query string and body together. Past it: malformed.
///
/// **Source**: as members per JSON object.
pub const QUERY_PARAMETERS_MAX: usize = 1_000;
/// An object of the demo store, and one part of it. Past it: `EntityTooLarge`.
pub const OBJECT_BYTES_MAX: u64 = 5 * 1_024 * 1_024 * 1_024;
/// An object key, in bytes of UTF-8. Past it: `KeyTooLongError`.
///
/// **Source**: Amazon S3 user guide, object key names.
pub const OBJECT_KEY_BYTES_MAX: usize = 1_024;
/// Keys of one multi-object delete. Past it: malformed.
pub const DELETE_KEYS_MAX: usize = 1_000;

/// How deeply JSON may nest. Past it: malformed. Enforced by `daypass_json::Bounds::WIRE`.
pub const JSON_DEPTH_MAX: usize = 32;
/// How many members a JSON object may have. Past it: malformed.
pub const JSON_MEMBERS_MAX: usize = 1_000;
/// How many elements a JSON array may have. Past it: malformed.
pub const JSON_ELEMENTS_MAX: usize = 1_000;
/// How deeply XML may nest. Past it: malformed.
pub const XML_DEPTH_MAX: usize = 32;
/// How many elements an XML document may have. Past it: malformed.
pub const XML_ELEMENTS_MAX: usize = 2_000;
/// How many attributes an XML element may have. Past it: malformed.
pub const XML_ATTRIBUTES_MAX: usize = 32;

/// A login token of the JSON face, in characters. Past it: `ValidationException`.
pub const LOGIN_TOKEN_CHARS_MAX: usize = 50_000;
/// A web identity token of the query face, in characters. Past it: `ValidationError`.
pub const WEB_TOKEN_CHARS_MAX: usize = 20_000;
/// A SAML response in base64, in characters. Past it: `ValidationError`.
pub const SAML_CHARS_MAX: usize = 100_000;
/// Logins in one call. Past it: `ValidationException`.
pub const LOGINS_MAX: usize = 10;
/// Tags in one call or on one resource. Past it: the face's validation error.
pub const TAGS_MAX: usize = 50;

/// A sealed session token. Past it: refused as unknown.
pub const SESSION_TOKEN_BYTES_MAX: usize = 4 * 1_024;
/// A page token. Past it: refused as invalid.
pub const PAGE_TOKEN_BYTES_MAX: usize = 1_024;
/// A console cookie. Past it: ignored.
pub const COOKIE_BYTES_MAX: usize = 512;

/// A value echoed in a message of the JSON face, and a whole message in a header; longer is cut.
///
/// **Source**: requirement S09.
pub const ECHO_BYTES_MAX: usize = 1_024;
/// A value echoed in a message of the query face; longer is cut.
///
/// **Source**: STS reference page, section 1.3.
pub const QUERY_ECHO_BYTES_MAX: usize = 256;
/// How many violations one answer lists; the rest are neither listed nor counted.
///
/// **Source**: ours, so that a hostile body cannot make an answer larger than itself.
pub const VIOLATIONS_MAX: usize = 100;
