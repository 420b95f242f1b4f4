//! The settings of `serve` and `config` that can be typed.
//!
//! **Source**: users page, section 10 (Configuration); requirement S77.

use clap::Args;

use crate::config::{DEFAULT_FILE, Inputs, environment};
use crate::exit::Failure;

/// The settings that have a flag.
#[derive(Args, Debug, Default)]
pub(super) struct SettingFlags {
    /// File of settings in TOML [default: ./daypass.toml if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:4600]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Folder of everything that is kept [default: ./daypass-data]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// PostgreSQL database to keep records in, shared with other servers [default: the data folder]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// File that holds the URL of the database
    #[arg(long, value_name = "FILE")]
    database_url_file: Option<String>,
    /// Region that ids and clients carry [default: us-east-1]
    #[arg(long)]
    region: Option<String>,
    /// Account that resources belong to [default: 000000000000]
    #[arg(long, value_name = "DIGITS")]
    account_id: Option<String>,
    /// URL that clients use [default: http:// and the listening address]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Issuer of tokens [default: the public URL]
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// File of the master key, made at the first start [default: master.key in the data folder]
    #[arg(long, value_name = "FILE")]
    master_key_file: Option<String>,
    /// Id of the root key, given from outside
    #[arg(long, value_name = "ID")]
    root_access_key_id: Option<String>,
    /// File that holds the id of the root key
    #[arg(long, value_name = "FILE")]
    root_access_key_id_file: Option<String>,
    /// File that holds the secret of the root key
    #[arg(long, value_name = "FILE")]
    root_secret_access_key_file: Option<String>,
    /// Further host names to answer for, separated by commas
    #[arg(long, value_name = "NAMES")]
    allowed_hosts: Option<String>,
    /// Whether only proxies with TLS reach this server
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    behind_proxy: Option<String>,
    /// Addresses or networks of those proxies, separated by commas
    #[arg(long, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
    /// Rates of operations: off, aws (its documented ones) or custom [default: off]
    #[arg(long, value_name = "RATES")]
    rates: Option<String>,
    /// Custom rates of the whole account, like `GetId=25/50`: a second and at once, comma-separated
    #[arg(long, value_name = "LIST")]
    rates_account: Option<String>,
    /// Custom rates of each pool, in the same form
    #[arg(long, value_name = "LIST")]
    rates_pool: Option<String>,
    /// Custom rates of each address, in the same form
    #[arg(long, value_name = "LIST")]
    rates_address: Option<String>,
    /// Whether clients on this machine count against the rates per address
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    rate_loopback: Option<String>,
    /// Hosts of issuers that may be private addresses, separated by commas
    #[arg(long, value_name = "HOSTS")]
    private_issuers: Option<String>,
    /// Where providers are, like `accounts.google.com=http://127.0.0.1:9`, comma-separated
    #[arg(long, value_name = "PROVIDER=URL")]
    provider_endpoints: Option<String>,
    /// Issuers that may sign with elliptic curves, by host and path, separated by commas
    #[arg(long, value_name = "ISSUERS")]
    elliptic_issuers: Option<String>,
    /// Files with the keys of issuers that cannot be called, separated by commas
    #[arg(long, value_name = "ISSUER=FILE")]
    issuer_keys: Option<String>,
    /// Where SAML assertions are delivered, comma-separated [default: PUBLIC_URL/saml]
    #[arg(long, value_name = "URLS")]
    saml_recipients: Option<String>,
    /// Whom they are meant for [default: urn:amazon:webservices and PUBLIC_URL/saml]
    #[arg(long, value_name = "NAMES")]
    saml_audiences: Option<String>,
    /// How long after it was issued one is taken, up to 3600 [default: 300]
    #[arg(long, value_name = "SECONDS")]
    saml_age_seconds: Option<String>,
    /// Whether every SAML assertion may be used once only
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    saml_single_use: Option<String>,
    /// What becomes of a SAML provider's expired certificate: warn or refuse [default: warn]
    #[arg(long, value_name = "WHAT")]
    saml_expired_certificates: Option<String>,
    /// Which log lines to write, like `info` or `warn,daypass=debug` [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How log lines look: json, pretty or auto (pretty on a terminal) [default: auto]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Whether refusals tell the client their reason code; on this machine only
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    dev: Option<String>,
}

impl SettingFlags {
    /// The flags that were given, by the names of their settings.
    pub(super) fn given(self) -> Vec<(&'static str, String)> {
        let all = [
            ("config", self.config),
            ("listen", self.listen),
            ("data", self.data),
            ("database_url", self.database_url),
            ("database_url_file", self.database_url_file),
            ("region", self.region),
            ("account_id", self.account_id),
            ("public_url", self.public_url),
            ("issuer", self.issuer),
            ("master_key_file", self.master_key_file),
            ("root_access_key_id", self.root_access_key_id),
            ("root_access_key_id_file", self.root_access_key_id_file),
            (
                "root_secret_access_key_file",
                self.root_secret_access_key_file,
            ),
            ("allowed_hosts", self.allowed_hosts),
            ("behind_proxy", self.behind_proxy),
            ("trusted_proxies", self.trusted_proxies),
            ("rates", self.rates),
            ("rates_account", self.rates_account),
            ("rates_pool", self.rates_pool),
            ("rates_address", self.rates_address),
            ("rate_loopback", self.rate_loopback),
            ("private_issuers", self.private_issuers),
            ("provider_endpoints", self.provider_endpoints),
            ("elliptic_issuers", self.elliptic_issuers),
            ("issuer_keys", self.issuer_keys),
            ("saml_recipients", self.saml_recipients),
            ("saml_audiences", self.saml_audiences),
            ("saml_age_seconds", self.saml_age_seconds),
            ("saml_single_use", self.saml_single_use),
            ("saml_expired_certificates", self.saml_expired_certificates),
            ("log", self.log),
            ("log_format", self.log_format),
            ("dev", self.dev),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// All the places settings come from.
    pub(super) fn inputs(self) -> Result<Inputs, Failure> {
        let variables = environment()?;
        Ok(Inputs {
            flags: self.given(),
            variables,
            default_file: DEFAULT_FILE.into(),
        })
    }
}
