//! Where endpoint, region and keys come from.

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    flags: SessionFlags,
}

fn flags(arguments: &[&str]) -> SessionFlags {
    let arguments = std::iter::once(&"daypass").chain(arguments);
    Typed::try_parse_from(arguments).unwrap().flags
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Environment(variables.iter().map(owned).collect())
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_profile() {
    let mut profile = profile::Profile::default();
    profile.region = Some("r-profile".to_owned());
    profile.endpoint = Some("http://profile".to_owned());
    let none = environment(&[]);
    let both = environment(&[
        ("AWS_ENDPOINT_URL", "http://aws/"),
        ("AWS_DEFAULT_REGION", "r-default"),
    ]);
    let ours = environment(&[
        ("AWS_ENDPOINT_URL", "http://aws"),
        ("DAYPASS_ENDPOINT", "http://ours"),
        ("AWS_REGION", "r-aws"),
    ]);
    let nothing = profile::Profile::default();
    let place = |arguments: &[&str], environment: &Environment, profile: &profile::Profile| {
        let (endpoint, region) = flags(arguments).place(environment, profile);
        format!("{endpoint} {region}")
    };
    assert_eq!(
        place(&[], &none, &nothing),
        "http://127.0.0.1:4600 us-east-1"
    );
    assert_eq!(place(&[], &none, &profile), "http://profile r-profile");
    assert_eq!(place(&[], &both, &profile), "http://aws r-default");
    assert_eq!(place(&[], &ours, &profile), "http://ours r-aws");
    let typed = ["--endpoint", "http://flag", "--region", "r-flag"];
    assert_eq!(place(&typed, &ours, &profile), "http://flag r-flag");
}

#[test]
fn half_a_key_is_said_and_never_repeated() {
    let half = environment(&[("AWS_SECRET_ACCESS_KEY", "hush-hush")]);
    let failure = keys_of(&half, false).unwrap_err();
    assert_eq!(failure.exit(), Exit::Configuration);
    assert!(!failure.told().contains("hush"), "{}", failure.told());
    assert!(keys_of(&environment(&[]), false).unwrap().is_none());
}

#[test]
fn a_profile_is_read_from_both_files() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = place.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let credentials = file(
        "credentials",
        "# comment\n[default]\naws_access_key_id=AKIADEFAULT000000000\n\
         aws_secret_access_key = a/b+c=d;e#f=\n[lean]\nregion = nowhere\n",
    );
    let config = file(
        "config",
        "[profile lean]\nregion = eu-west-1\nendpoint_url = http://lean:4600\ns3 =\n  x = y\n",
    );
    let environment = environment(&[
        ("AWS_SHARED_CREDENTIALS_FILE", &credentials),
        ("AWS_CONFIG_FILE", &config),
    ]);
    let keys = profile::read(None, &environment)
        .unwrap()
        .keys()
        .unwrap()
        .unwrap();
    assert_eq!(keys.secret_access_key.expose(), "a/b+c=d;e#f=");
    let lean = profile::read(Some("lean"), &environment).unwrap();
    assert_eq!(lean.endpoint.as_deref(), Some("http://lean:4600"));
    assert_eq!(lean.region.as_deref(), Some("nowhere"), "credentials win");
    assert_eq!(lean.keys().unwrap_err().exit(), Exit::Configuration);
    assert!(profile::read(Some("absent"), &environment).is_err());
}

#[test]
fn an_endpoint_is_the_url_of_a_server() {
    for good in ["http://127.0.0.1:4600", "https://login.example"] {
        assert!(check_endpoint(good).is_ok(), "{good}");
    }
    for bad in ["127.0.0.1:4600", "ftp://x", "http://x/y", "", "http://"] {
        assert_eq!(
            check_endpoint(bad).unwrap_err().exit(),
            Exit::Usage,
            "{bad}"
        );
    }
}
