//! Layers, unknown names in every layer, and each value's refusals.

use std::os::unix::fs::PermissionsExt;

use super::keys::KEYS;
use super::*;

struct Setting {
    folder: tempfile::TempDir,
    flags: Vec<(&'static str, String)>,
    variables: Vec<(String, String)>,
}

impl Setting {
    fn new(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DEFAULT_FILE);
        std::fs::write(&path, file).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            folder,
            flags: Vec::new(),
            variables: Vec::new(),
        }
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn flag(mut self, name: &'static str, value: &str) -> Self {
        self.flags.push((name, value.to_owned()));
        self
    }

    fn load(&self) -> Result<Config, String> {
        let inputs = Inputs {
            flags: self.flags.clone(),
            variables: self.variables.clone(),
            default_file: self.folder.path().join(DEFAULT_FILE),
        };
        load(&inputs).map_err(|failure| {
            assert_eq!(
                format!("{:?}", failure.code()),
                format!("{:?}", std::process::ExitCode::from(3)),
                "{failure}"
            );
            failure.to_string()
        })
    }

    fn refusal(&self) -> String {
        self.load().map(|config| config.shown).unwrap_err()
    }
}

fn file(text: &str) -> Setting {
    Setting::new(text)
}

fn variable(name: &str, value: &str) -> Setting {
    Setting::new("").variable(name, value)
}

#[test]
fn s91_the_defaults_serve_this_machine_only() {
    let config = file("").load().unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:4600");
    assert_eq!(config.data, PathBuf::from("./daypass-data"));
    assert_eq!(
        config.master_key_file,
        PathBuf::from("./daypass-data/master.key")
    );
    assert_eq!(config.region.as_str(), "us-east-1");
    assert_eq!(config.account_id.as_str(), "000000000000");
    assert!(config.root.is_none() && config.public_url.is_none() && config.issuer.is_none());
    assert!(!config.behind_proxy && !config.dev && !config.rate_loopback);
    assert!(config.proxies.0.is_empty() && config.allowed_hosts.is_empty());
    assert_eq!(
        (config.log.as_str(), config.log_format),
        ("info", LogFormat::Auto)
    );
}

#[test]
fn a_flag_wins_over_a_variable_over_the_file_over_the_default() {
    let region = |setting: Setting| {
        let config = setting.load().unwrap();
        let shown = config
            .shown
            .iter()
            .find(|shown| shown.name == "region")
            .unwrap();
        (config.region.to_string(), shown.source.clone())
    };
    assert_eq!(region(file("")), ("us-east-1".into(), "default".into()));
    let (value, source) = region(file("\nregion = \"eu-west-1\""));
    assert_eq!(value, "eu-west-1");
    assert!(source.ends_with("daypass.toml:2"), "{source}");
    let both = file("region = \"eu-west-1\"").variable("DAYPASS_REGION", "eu-west-2");
    assert_eq!(
        region(both),
        ("eu-west-2".into(), "variable DAYPASS_REGION".into())
    );
    let all = file("region = \"eu-west-1\"")
        .variable("DAYPASS_REGION", "eu-west-2")
        .flag("region", "eu-west-3");
    assert_eq!(region(all), ("eu-west-3".into(), "flag --region".into()));
}

#[test]
fn the_file_may_be_named_and_then_must_be_there() {
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("other.toml");
    std::fs::write(&path, "region = \"eu-west-1\"").unwrap();
    let path = path.to_str().unwrap();
    let by_flag = file("region = \"eu-west-2\"")
        .flag("config", path)
        .load()
        .unwrap();
    assert_eq!(by_flag.region.as_str(), "eu-west-1");
    let by_variable = file("").variable("DAYPASS_CONFIG", path).load().unwrap();
    assert_eq!(by_variable.region.as_str(), "eu-west-1");
    let absent = file("").flag("config", "/nowhere/daypass.toml").refusal();
    assert!(absent.contains("`/nowhere/daypass.toml`"), "{absent}");
}

/// Every way to misspell a name with one slip of the finger.
fn misspellings(name: &str) -> Vec<String> {
    let mut all = Vec::new();
    for at in 0..name.len() {
        let (head, tail) = name.split_at(at);
        all.push(format!("{head}{}", &tail[1..]));
        all.push(format!("{head}q{tail}"));
        all.push(format!("{head}{}{tail}", &tail[..1]));
        if tail.len() > 1 {
            all.push(format!("{head}{}{}{}", &tail[1..2], &tail[..1], &tail[2..]));
        }
    }
    all.retain(|text| !text.is_empty() && keys::find(text).is_none());
    all
}

#[test]
fn s11_every_misspelt_name_in_the_file_is_refused_with_its_line_and_the_nearest_name() {
    for key in KEYS.iter().filter(|key| key.name != "config") {
        for wrong in misspellings(key.name) {
            let refusal = file(&format!("# a line before\n{wrong} = true\n")).refusal();
            assert!(refusal.contains("daypass.toml` line 2"), "{refusal}");
            assert!(refusal.contains(&format!("`{wrong}`")), "{refusal}");
            assert!(refusal.contains(&format!("`{}`", key.name)), "{refusal}");
        }
    }
}

#[test]
fn s11_every_misspelt_variable_is_refused_with_the_nearest_name() {
    for key in KEYS {
        for wrong in misspellings(key.name) {
            let wrong = keys::variable(&wrong);
            let refusal = variable(&wrong, "true").refusal();
            assert!(refusal.contains(&format!("`{wrong}`")), "{refusal}");
            assert!(
                refusal.contains(&format!("`{}`", keys::variable(key.name))),
                "{refusal}"
            );
        }
    }
}

#[test]
fn s11_all_unknown_names_are_told_at_once_and_other_variables_are_left_alone() {
    let refusal = file("alow_hosts = []\n[server]\nport = 1\n")
        .variable("DAYPASS_LISTN", "x")
        .variable("DAYPASS_listen", "x")
        .variable("PATH", "/bin")
        .refusal();
    assert_eq!(refusal.lines().count(), 4, "{refusal}");
    assert!(
        refusal.contains("line 2: there is no setting `server`"),
        "{refusal}"
    );
    assert!(
        file("config = \"x\"")
            .refusal()
            .contains("no setting `config`")
    );
}

#[test]
fn s03_a_doubled_or_broken_file_is_refused_without_quoting_it() {
    for text in [
        "region = \"a\"\nregion = \"b\"",
        "root_secret_access_key = \"SECRETSECRET",
        "= \"SECRETSECRET\"",
    ] {
        let refusal = file(text).refusal();
        assert!(
            refusal.contains("does not read") && refusal.contains("line"),
            "{refusal}"
        );
        assert!(!refusal.contains("SECRET"), "{refusal}");
    }
}

#[test]
fn each_value_is_checked_where_it_came_from() {
    for (text, expected) in [
        ("listen = \"4600\"", "must be an address and a port"),
        ("listen = \":4600\"", "must be an address and a port"),
        ("listen = 4600", "must be a text in quotes"),
        ("region = \"US-EAST-1\"", "must look like `us-east-1`"),
        ("account_id = 0", "must be a text in quotes"),
        ("account_id = \"12345678901\"", "must be 12 digits"),
        ("account_id = \"1234567890123\"", "must be 12 digits"),
        (
            "public_url = \"https://ids.example.com/\"",
            "must not end in a slash",
        ),
        (
            "public_url = \"https://ids.example.com/a\"",
            "without a path",
        ),
        ("public_url = \"ids.example.com\"", "http or https URL"),
        (
            "public_url = \"ftp://ids.example.com\"",
            "http or https URL",
        ),
        (
            "public_url = \"https://u@ids.example.com\"",
            "http or https URL",
        ),
        (
            "issuer = \"https://ids.example.com/\"",
            "must not end in a slash",
        ),
        ("issuer = \"https://ids.example.com?x\"", "without query"),
        ("allowed_hosts = [\"https://a\"]", "without scheme"),
        ("allowed_hosts = [\"a:80\"]", "without scheme"),
        ("allowed_hosts = [1]", "must be a list of texts"),
        (
            "trusted_proxies = [\"10.0.0.0/33\"]",
            "addresses or networks",
        ),
        ("behind_proxy = \"yes\"", "must be true or false"),
        ("dev = 1", "must be true or false"),
        ("log = \"a=b=c\"", "must be a level"),
        ("log_format = \"xml\"", "must be `json`"),
    ] {
        let refusal = file(text).refusal();
        assert!(
            refusal.contains(expected) && refusal.contains("daypass.toml:1"),
            "{refusal}"
        );
    }
    assert!(
        file("data = \"\"")
            .refusal()
            .contains("`data` must not be empty")
    );
}

#[test]
fn lists_and_switches_read_the_same_from_variables() {
    let config = variable("DAYPASS_ALLOWED_HOSTS", "a.example, b.example,")
        .variable("DAYPASS_BEHIND_PROXY", "true")
        .variable("DAYPASS_TRUSTED_PROXIES", "10.0.0.0/8")
        .variable("DAYPASS_ISSUER", "https://cognito-identity.amazonaws.com")
        .variable("DAYPASS_LISTEN", "localhost:0")
        .variable("DAYPASS_REGION", "")
        .load()
        .unwrap();
    assert_eq!(config.allowed_hosts, ["a.example", "b.example"]);
    assert!(config.behind_proxy && config.proxies.trusts("10.1.1.1".parse().unwrap()));
    assert_eq!(
        config.issuer.as_deref(),
        Some("https://cognito-identity.amazonaws.com")
    );
    assert_eq!(config.listen.to_string(), "127.0.0.1:0");
    assert_eq!(
        config.region.as_str(),
        "us-east-1",
        "an empty variable is not set"
    );
}

#[test]
fn s91_other_machines_are_served_behind_a_tls_proxy_only() {
    let open = "listen = \"0.0.0.0:4600\"\n";
    let proxied = "behind_proxy = true\ntrusted_proxies = [\"10.0.0.7\"]\n";
    let url = "public_url = \"https://ids.example.com\"\n";
    assert!(file(open).refusal().contains("without TLS"));
    assert!(
        file("listen = \"192.0.2.1:4600\"")
            .refusal()
            .contains("without TLS")
    );
    assert!(
        file("listen = \"[::]:4600\"")
            .refusal()
            .contains("without TLS")
    );
    assert!(
        file(&format!("{open}behind_proxy = true"))
            .refusal()
            .contains("trusted_proxies")
    );
    let proxies_alone = "trusted_proxies = [\"10.0.0.7\"]";
    assert!(file(proxies_alone).refusal().contains("no effect"));
    assert!(
        file(&format!("{open}{proxied}"))
            .refusal()
            .contains("needs `public_url`")
    );
    assert!(file(&format!("{open}{proxied}{url}")).load().is_ok());
    assert!(
        file(&format!("{open}{proxied}{url}dev = true"))
            .refusal()
            .contains("`dev`")
    );
    for loopback in [
        "127.0.0.1:0",
        "[::1]:4600",
        "127.9.9.9:80",
        "[::ffff:127.0.0.1]:80",
    ] {
        assert!(
            file(&format!("listen = \"{loopback}\"")).load().is_ok(),
            "{loopback}"
        );
    }
}

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

#[test]
fn the_root_key_comes_whole_from_variables_or_files() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("secret");
    std::fs::write(&path, format!("{SECRET}\n")).unwrap();
    let direct = variable("DAYPASS_ROOT_ACCESS_KEY_ID", ID);
    let direct = direct
        .variable("DAYPASS_ROOT_SECRET_ACCESS_KEY", SECRET)
        .load()
        .unwrap();
    let by_file = variable("DAYPASS_ROOT_ACCESS_KEY_ID", ID)
        .variable(
            "DAYPASS_ROOT_SECRET_ACCESS_KEY_FILE",
            path.to_str().unwrap(),
        )
        .load()
        .unwrap();
    for config in [direct, by_file] {
        let root = config.root.unwrap();
        assert_eq!(root.access_key_id.as_str(), ID);
        assert_eq!(root.secret_access_key.expose(), SECRET);
    }
}

#[test]
fn s76_half_a_root_key_or_a_weak_one_is_refused() {
    let both = |id: &str, secret: &str| {
        variable("DAYPASS_ROOT_ACCESS_KEY_ID", id)
            .variable("DAYPASS_ROOT_SECRET_ACCESS_KEY", secret)
    };
    assert!(
        variable("DAYPASS_ROOT_ACCESS_KEY_ID", ID)
            .refusal()
            .contains("beside it")
    );
    let secret_alone = variable("DAYPASS_ROOT_SECRET_ACCESS_KEY", SECRET);
    assert!(secret_alone.refusal().contains("beside it"));
    assert!(
        both("ASIAIOSFODNN7EXAMPLE", SECRET)
            .refusal()
            .contains("temporary")
    );
    assert!(both("short", SECRET).refusal().contains("16 to 128"));
    assert!(both(ID, &SECRET[..31]).refusal().contains("32 to 128"));
    assert!(both(ID, &SECRET[..32]).load().is_ok());
    let twice = both(ID, SECRET).variable("DAYPASS_ROOT_SECRET_ACCESS_KEY_FILE", "/x");
    assert!(twice.refusal().contains("both set"));
    let absent = variable("DAYPASS_ROOT_ACCESS_KEY_ID", ID)
        .variable("DAYPASS_ROOT_SECRET_ACCESS_KEY_FILE", "/nowhere/secret");
    assert!(absent.refusal().contains("`/nowhere/secret`"));
}

#[test]
fn s75_a_secret_is_never_shown() {
    let weak = "SECRETSECRET";
    let setting =
        variable("DAYPASS_ROOT_ACCESS_KEY_ID", ID).variable("DAYPASS_ROOT_SECRET_ACCESS_KEY", weak);
    assert!(!setting.refusal().contains(weak));
    let config = variable("DAYPASS_ROOT_ACCESS_KEY_ID", ID)
        .variable("DAYPASS_ROOT_SECRET_ACCESS_KEY", SECRET)
        .load()
        .unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains(SECRET) && shown.contains("***"), "{shown}");
}

#[test]
fn s91_a_file_with_a_secret_must_be_private() {
    let text = format!("root_access_key_id = \"{ID}\"\nroot_secret_access_key = \"{SECRET}\"\n");
    let setting = file(&text);
    assert!(setting.load().is_ok());
    let path = setting.folder.path().join(DEFAULT_FILE);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(setting.refusal().contains("chmod 600"));
    let plain = file("region = \"us-east-1\"");
    let path = plain.folder.path().join(DEFAULT_FILE);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(plain.load().is_ok(), "without a secret anyone may read it");
}
