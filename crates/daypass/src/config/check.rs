//! From gathered texts to a configuration that can be used, or the sentence that says why not.
//!
//! **Source**: requirements S77, S83 and S91; STS-IAM page, section 2.1 (account ids).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use daypass_proof::secret::{AccessKeyId, SecretAccessKey};
use daypass_service::RootKey;
use http::Uri;
use http::uri::Authority;

use super::layers::{Layers, Sourced, wrong};
use super::{Config, LogFormat, Shown, database, issuers, keys, rates, saml, unreadable};
use crate::exit::Failure;
use crate::serve::peer::{Network, Proxies};

/// The shortest root secret; issued ones have 40 characters.
const ROOT_SECRET_CHARS_MIN: usize = 32;

/// Checks every setting, then how they go together.
pub(super) fn config(layers: &Layers) -> Result<Config, Failure> {
    let data = required(layers, "data")?;
    let data = PathBuf::from(data.value);
    let key_file = layers
        .text("master_key_file")?
        .map(|key_file| PathBuf::from(key_file.value));
    let mut config = Config {
        listen: listen(layers)?,
        region: parsed(
            layers,
            "region",
            "must look like `us-east-1`: lower-case letters, digits and hyphens, at most 18",
        )?,
        account_id: parsed(
            layers,
            "account_id",
            "must be 12 digits, like `000000000000`",
        )?,
        public_url: url(layers, "public_url", false)?,
        issuer: url(layers, "issuer", true)?,
        master_key_file: key_file.unwrap_or_else(|| data.join("master.key")),
        data,
        database: database::url(layers)?,
        root: root(layers)?,
        allowed_hosts: allowed_hosts(layers)?,
        behind_proxy: layers.switch("behind_proxy")?.value,
        proxies: proxies(layers)?,
        rates: rates::rates(layers)?,
        rate_loopback: layers.switch("rate_loopback")?.value,
        issuers: issuers::read(layers)?,
        saml: saml::given(layers)?,
        log: log(layers)?,
        log_format: log_format(layers)?,
        dev: layers.switch("dev")?.value,
        shown: Vec::new(),
    };
    closed_by_default(&config)?;
    config.shown = shown(layers, &config);
    Ok(config)
}

/// Every setting with a value, those that follow from others included.
fn shown(layers: &Layers, config: &Config) -> Vec<Shown> {
    let mut given = layers.shown();
    for (name, setting) in &mut given {
        if let ("database_url", Some(url)) = (*name, &config.database) {
            setting.value = format!("{:?}", url.to_string());
        }
    }
    let url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.listen));
    let issuer = config.issuer.clone().unwrap_or_else(|| url.clone());
    let follows = [
        ("public_url", url),
        ("issuer", issuer),
        (
            "master_key_file",
            config.master_key_file.display().to_string(),
        ),
    ];
    for (name, value) in follows {
        if given.iter().all(|(given, _)| *given != name) {
            let source = "default".to_owned();
            given.push((
                name,
                Sourced {
                    value: format!("{value:?}"),
                    source,
                },
            ));
        }
    }
    given.sort_by_key(|(name, _)| keys::KEYS.iter().position(|key| key.name == *name));
    let shown = |(name, Sourced { value, source })| Shown {
        name,
        value,
        source,
    };
    given.into_iter().map(shown).collect()
}

/// A server that strangers could reach without TLS is refused, unless a proxy stands before it.
fn closed_by_default(config: &Config) -> Result<(), Failure> {
    let refuse = |sentence: &str| Err(Failure::configuration(sentence));
    let trusts = !config.proxies.0.is_empty();
    if config.behind_proxy && !trusts {
        return refuse(
            "`behind_proxy` needs `trusted_proxies`: the addresses of the proxies that may connect",
        );
    }
    if trusts && !config.behind_proxy {
        return refuse("`trusted_proxies` has no effect without `behind_proxy = true`");
    }
    let address = config.listen.ip();
    if address.to_canonical().is_loopback() {
        return Ok(());
    }
    if config.dev {
        return refuse(
            "`dev` tells strangers too much for an address that others can reach; listen on \
             127.0.0.1, or leave `dev` off",
        );
    }
    if !config.behind_proxy {
        return Err(Failure::configuration(format!(
            "`listen` on `{}` would serve other machines without TLS; put a TLS proxy before it \
             and set `behind_proxy = true` and `trusted_proxies`, or listen on 127.0.0.1",
            config.listen
        )));
    }
    if address.is_unspecified() && config.public_url.is_none() {
        return refuse(
            "`listen` on every address needs `public_url`: the URL that clients use, like \
             `https://ids.example.com`",
        );
    }
    Ok(())
}

fn required(layers: &Layers, name: &str) -> Result<Sourced<String>, Failure> {
    let value = layers.text(name)?;
    value.ok_or_else(|| Failure::configuration(format!("`{name}` must not be empty")))
}

fn parsed<T: FromStr>(layers: &Layers, name: &str, sentence: &str) -> Result<T, Failure> {
    let Sourced { value, source } = required(layers, name)?;
    value.parse().map_err(|_| wrong(name, &source, sentence))
}

fn listen(layers: &Layers) -> Result<SocketAddr, Failure> {
    let Sourced { value, source } = required(layers, "listen")?;
    if let Some(port) = value
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok())
    {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let sentence = "must be an address and a port, like `127.0.0.1:4600` or `[::1]:4600`";
    value
        .parse()
        .map_err(|_| wrong("listen", &source, sentence))
}

/// A URL without anything that would make two spellings of one address.
fn url(layers: &Layers, name: &str, path_allowed: bool) -> Result<Option<String>, Failure> {
    let Some(Sourced { value, source }) = layers.text(name)? else {
        return Ok(None);
    };
    if value.ends_with('/') {
        return Err(wrong(name, &source, "must not end in a slash"));
    }
    let plain = value.parse::<Uri>().ok().is_some_and(|uri| {
        let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        let user = uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'));
        let host = uri.host().is_some_and(|host| !host.is_empty());
        let path = path_allowed || uri.path() == "/" || uri.path().is_empty();
        scheme && host && path && !user && uri.query().is_none() && !value.contains('#')
    });
    if plain {
        return Ok(Some(value));
    }
    let sentence = if path_allowed {
        "must be an http or https URL without query or fragment, like `https://ids.example.com`"
    } else {
        "must be an http or https URL without a path, like `https://ids.example.com`"
    };
    Err(wrong(name, &source, sentence))
}

fn allowed_hosts(layers: &Layers) -> Result<Vec<String>, Failure> {
    let Sourced { value, source } = layers.list("allowed_hosts")?;
    for host in &value {
        let plain = host
            .parse::<Authority>()
            .is_ok_and(|authority| authority.host() == host);
        if !plain {
            let sentence =
                format!("must list host names without scheme, port or path; `{host}` is not one");
            return Err(wrong("allowed_hosts", &source, &sentence));
        }
    }
    Ok(value)
}

fn proxies(layers: &Layers) -> Result<Proxies, Failure> {
    let Sourced { value, source } = layers.list("trusted_proxies")?;
    let network = |text: &String| {
        text.parse::<Network>().map_err(|()| {
            let sentence = format!(
                "must list addresses or networks, like `10.0.0.7` or `10.0.0.0/8`; `{text}` is \
                 neither"
            );
            wrong("trusted_proxies", &source, &sentence)
        })
    };
    Ok(Proxies(
        value.iter().map(network).collect::<Result<_, _>>()?,
    ))
}

fn log(layers: &Layers) -> Result<String, Failure> {
    let Sourced { value, source } = required(layers, "log")?;
    let reads = tracing_subscriber::EnvFilter::builder()
        .parse(&value)
        .is_ok();
    if reads {
        return Ok(value);
    }
    let sentence = "must be a level (`error`, `warn`, `info`, `debug`, `trace`) or a filter like \
                    `info,daypass=debug`";
    Err(wrong("log", &source, sentence))
}

fn log_format(layers: &Layers) -> Result<LogFormat, Failure> {
    let Some(Sourced { value, source }) = layers.text("log_format")? else {
        return Ok(LogFormat::Auto);
    };
    match value.as_str() {
        "json" => Ok(LogFormat::Json),
        "pretty" => Ok(LogFormat::Pretty),
        "auto" => Ok(LogFormat::Auto),
        _ => Err(wrong(
            "log_format",
            &source,
            "must be `json`, `pretty` or `auto`",
        )),
    }
}

/// The root key from outside: both halves or neither.
fn root(layers: &Layers) -> Result<Option<RootKey>, Failure> {
    let id = given(layers, "root_access_key_id", "root_access_key_id_file")?;
    let secret = given(
        layers,
        "root_secret_access_key",
        "root_secret_access_key_file",
    )?;
    let (id, secret) = match (id, secret) {
        (None, None) => return Ok(None),
        (Some(id), Some(secret)) => (id, secret),
        (Some(_), None) => {
            return Err(Failure::configuration(
                "`root_access_key_id` needs `root_secret_access_key` (or its `_file`) beside it",
            ));
        }
        (None, Some(_)) => {
            return Err(Failure::configuration(
                "`root_secret_access_key` needs `root_access_key_id` (or its `_file`) beside it",
            ));
        }
    };
    let access_key_id = id
        .value
        .parse::<AccessKeyId>()
        .ok()
        .filter(|id| !id.is_temporary());
    let access_key_id = access_key_id.ok_or_else(|| {
        let sentence = "must be 16 to 128 letters, digits or underscores, and not begin with \
                        `ASIA`, which marks temporary keys";
        wrong("root_access_key_id", &id.source, sentence)
    })?;
    let long = secret.value.len() >= ROOT_SECRET_CHARS_MIN;
    let secret_access_key = secret
        .value
        .parse::<SecretAccessKey>()
        .ok()
        .filter(|_| long);
    let secret_access_key = secret_access_key.ok_or_else(|| {
        let sentence = "must be 32 to 128 visible ASCII characters, made at random";
        wrong("root_secret_access_key", &secret.source, sentence)
    })?;
    Ok(Some(RootKey {
        access_key_id,
        secret_access_key,
    }))
}

/// A value given directly or through a file that holds nothing else.
pub(super) fn given(
    layers: &Layers,
    name: &str,
    file: &str,
) -> Result<Option<Sourced<String>>, Failure> {
    match (layers.text(name)?, layers.text(file)?) {
        (Some(_), Some(_)) => Err(Failure::configuration(format!(
            "`{name}` and `{file}` are both set; which one counts would be a guess"
        ))),
        (None, Some(path)) => {
            let path = PathBuf::from(path.value);
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let value = text.trim_end_matches(['\r', '\n']).to_owned();
            Ok(Some(Sourced {
                value,
                source: format!("file {}", path.display()),
            }))
        }
        (value, None) => Ok(value),
    }
}

/// A configuration file that holds a secret must be its owner's alone.
pub(super) fn file_mode(path: &Path, text: &str) -> Result<(), Failure> {
    let holds_secret = keys::KEYS.iter().filter(|key| key.secret).any(|key| {
        text.lines().any(|line| {
            line.trim_start().starts_with(key.name)
                && !line.trim_start().starts_with("root_secret_access_key_file")
        })
    });
    let holds_secret = holds_secret || text.lines().any(database::holds_password);
    let mode = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if holds_secret && mode.permissions().mode() & 0o077 != 0 {
        return Err(Failure::configuration(format!(
            "`{0}` holds a secret and others can read it; run `chmod 600 {0}`",
            path.display()
        )));
    }
    Ok(())
}
