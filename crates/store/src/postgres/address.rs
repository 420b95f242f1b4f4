//! The address of a database: a URL, as the people who run one write it.
//!
//! It holds a password more often than not, so nothing here shows it: `Display` and `Debug` have
//! stars in its place, and a URL that does not read is not repeated.
//!
//! **Source**: PostgreSQL documentation, *Connection URIs*; requirements S75, S92 and F09.

use percent_encoding::percent_decode_str;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// The longest the start of a connection to one host may take, unless the URL says otherwise.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(2);

/// Silence after which a connection is asked whether it is still there.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(5);

/// What was sent must be acknowledged within this time, or the connection is given up.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(5);

/// Where a database is, and how to get in.
#[derive(Clone)]
pub struct DatabaseUrl {
    config: Config,
    tls: Tls,
    shown: String,
}

/// Whether connections are encrypted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Tls {
    /// Not at all.
    Off,
    /// Always, with the server's certificate and name checked.
    Verified {
        /// The file of the roots to trust; the machine's own without one.
        roots: Option<PathBuf>,
    },
}

/// Why a text is not the address of a database.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// Something else than a PostgreSQL URL.
    #[error("must begin with `postgres://`")]
    Scheme,
    /// Not a URL, or an option that nobody knows.
    #[error("does not read: {0}")]
    Unreadable(String),
    /// No host and no socket folder.
    #[error("names no host; a socket folder is written `?host=/var/run/postgresql`")]
    NoHost,
    /// A mode that could end in no encryption or no check.
    #[error("has `sslmode={0}`; use `disable`, or `verify-full` to have the certificate checked")]
    SslMode(String),
}

impl DatabaseUrl {
    /// Whether it holds a password.
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn tls(&self) -> &Tls {
        &self.tls
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(DatabaseUrlError::Scheme);
        }
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut roots, mut others) = (None, None, Vec::new());
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value.to_owned()),
                Some(("sslrootcert", value)) => roots = Some(file(value)?),
                _ => others.push(option),
            }
        }
        let plain = format!("{base}?{}", others.join("&"));
        let mut config: Config = plain.parse().map_err(unreadable)?;
        if config.get_hosts().is_empty() {
            return Err(DatabaseUrlError::NoHost);
        }
        let tls = match mode.as_deref() {
            // Between machines encryption is the default; a socket or loopback needs none.
            None if roots.is_none() && config.get_hosts().iter().all(on_this_machine) => Tls::Off,
            None | Some("require" | "verify-ca" | "verify-full") => Tls::Verified { roots },
            Some("disable") => Tls::Off,
            Some(other) => return Err(DatabaseUrlError::SslMode(other.to_owned())),
        };
        config.ssl_mode(match tls {
            Tls::Off => SslMode::Disable,
            Tls::Verified { .. } => SslMode::Require,
        });
        bound(&mut config);
        let shown = shown(base, query);
        Ok(Self { config, tls, shown })
    }
}

/// What holds whatever the URL says, and what it may say otherwise.
fn bound(config: &mut Config) {
    // Replicas never decide: they can show transactions in another order than they took place.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIME_MAX);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(ACKNOWLEDGED_WITHIN);
    }
    if config.get_application_name().is_none() {
        config.application_name("daypass");
    }
    config.keepalives_idle(KEEPALIVE_AFTER);
}

fn unreadable(error: tokio_postgres::Error) -> DatabaseUrlError {
    // The cause names an option, never its value.
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    DatabaseUrlError::Unreadable(cause.unwrap_or_else(|| "not a URL".to_owned()))
}

fn file(value: &str) -> Result<PathBuf, DatabaseUrlError> {
    percent_decode_str(value)
        .decode_utf8()
        .map(|path| PathBuf::from(path.as_ref()))
        .map_err(|_| DatabaseUrlError::Unreadable("`sslrootcert` is not UTF-8".to_owned()))
}

fn on_this_machine(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
    }
}

/// The URL with stars for its password, wherever it stands.
fn shown(base: &str, query: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("postgres", base));
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let authority = match authority.rsplit_once('@') {
        Some((who, hosts)) => match who.split_once(':') {
            Some((user, _)) => format!("{user}:***@{hosts}"),
            None => authority.to_owned(),
        },
        None => authority.to_owned(),
    };
    let options: Vec<String> = query
        .split('&')
        .filter(|option| !option.is_empty())
        .map(|option| match option.split_once('=') {
            Some((name @ "password", _)) => format!("{name}=***"),
            _ => option.to_owned(),
        })
        .collect();
    let mark = if options.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}{path}{mark}{}", options.join("&"))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("DatabaseUrl")
            .field(&self.shown)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        text.parse().unwrap()
    }

    fn refused(text: &str) -> String {
        text.parse::<DatabaseUrl>().unwrap_err().to_string()
    }

    #[test]
    fn s75_a_password_is_never_shown() {
        for text in [
            "postgres://me:CANARY@db.example:5432/ids",
            "postgresql://me:CA@NARY@db.example/ids?sslmode=verify-full",
            "postgres://me@db.example/ids?password=CANARY&connect_timeout=3",
        ] {
            let url = url(text);
            assert!(url.has_password(), "{text}");
            let shown = format!("{url} {url:?}");
            assert!(
                !shown.contains("CANARY") && !shown.contains("NARY"),
                "{shown}"
            );
            assert!(shown.contains("***"), "{shown}");
        }
        let plain = "postgres://me@db.example/ids?connect_timeout=3";
        assert_eq!(url(plain).to_string(), plain);
        assert!(!url(plain).has_password());
        for wrong in [
            "mysql://me:CANARY@db/ids",
            "postgres://me:CANARY@db:port/ids",
            "postgres://me:CANARY@db/ids?colour=CANARY",
        ] {
            assert!(!refused(wrong).contains("CANARY"), "{wrong}");
        }
    }

    #[test]
    fn s92_a_database_on_another_machine_is_reached_with_tls_that_checks() {
        let verified = Tls::Verified { roots: None };
        assert_eq!(url("postgres://me@db.example/ids").tls, verified);
        for mode in ["require", "verify-ca", "verify-full"] {
            assert_eq!(
                url(&format!("postgres://db/ids?sslmode={mode}")).tls,
                verified
            );
        }
        for mode in ["prefer", "allow", "no-verify", ""] {
            let sentence = refused(&format!("postgres://db/ids?sslmode={mode}"));
            assert!(sentence.contains("verify-full"), "{sentence}");
        }
        assert_eq!(url("postgres://db/ids?sslmode=disable").tls, Tls::Off);
        let roots = Some(PathBuf::from("/etc/our roots.pem"));
        let named = url("postgres://127.0.0.1/ids?sslrootcert=/etc/our%20roots.pem");
        assert_eq!(named.tls, Tls::Verified { roots });
    }

    #[test]
    fn a_socket_and_this_machine_need_no_tls() {
        for text in [
            "postgres:///ids?host=/var/run/postgresql",
            "postgres://me@%2Fvar%2Frun%2Fpostgresql/ids",
            "postgres://me@127.0.0.1:6432/ids",
            "postgres://me@localhost/ids",
        ] {
            assert_eq!(url(text).tls, Tls::Off, "{text}");
        }
        // One host elsewhere is enough to need it.
        assert_ne!(url("postgres://localhost,db.example/ids").tls, Tls::Off);
    }

    #[test]
    fn what_is_no_address_is_said_so() {
        assert_eq!(refused("ids.db"), "must begin with `postgres://`");
        assert!(refused("postgres:///ids").contains("host"));
        assert!(refused("postgres://db/ids?colour=red").contains("colour"));
    }

    #[test]
    fn f09_only_a_server_that_takes_writes_is_used() {
        let asked = url("postgres://db/ids?target_session_attrs=any");
        let attributes = asked.config().get_target_session_attrs();
        assert_eq!(attributes, TargetSessionAttrs::ReadWrite);
        assert_eq!(
            asked.config().get_connect_timeout(),
            Some(&CONNECT_TIME_MAX)
        );
    }
}
