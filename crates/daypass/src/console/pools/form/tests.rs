//! What the form accepts is what the API accepts, and every fault is said at its field.

use super::*;

fn sent(encoded: &str) -> PoolForm {
    PoolForm::sent(&Fields::parse(encoded.as_bytes()), None)
}

fn faults(encoded: &str) -> Vec<String> {
    let mut form = sent(encoded);
    form.read();
    form.errors.into_iter().map(|error| error.field).collect()
}

#[test]
fn a_name_and_an_own_login_make_a_pool_without_guests_and_classic_flow() {
    let mut form = sent("name=+My+app+&developer=login.example.app&understood=on");
    let pool = form.read();
    assert_eq!(form.errors, []);
    assert_eq!(pool.identity_pool_name, "My app");
    assert_eq!(
        pool.developer_provider_name.as_deref(),
        Some("login.example.app")
    );
    assert!(!pool.allow_unauthenticated_identities);
    assert_eq!(pool.allow_classic_flow, Some(false));
}

#[test]
fn each_fault_is_said_at_its_field() {
    for (form, field) in [
        ("name=&guests=on", "name"),
        ("name=%3Cb%3E&guests=on", "name"),
        ("name=a&developer=my+login&understood=on", "developer"),
        ("name=a&developer=login.example.app", "understood"),
        ("name=a", "developer"),
        ("name=a&oidc=example.com", "oidc"),
        (
            "name=a&saml=arn:aws:iam::123456789012:oidc-provider/x",
            "saml",
        ),
        ("name=a&user_pools=eu-west-1_x", "user_pools"),
        ("name=a&guests=on&tags=aws:x%3D1", "tags"),
        ("name=a&guests=on&tags=a%3D1%0Aa%3D2", "tags"),
        (
            "name=a&social-accounts-google-com=x+y",
            "social-accounts-google-com",
        ),
    ] {
        assert_eq!(faults(form), [field], "{form}");
    }
    let long = format!("name={}&guests=on", "x".repeat(129));
    assert_eq!(faults(&long), ["name"]);
    assert!(faults(&long.replacen('x', "", 1)).is_empty());
}

#[test]
fn providers_of_every_kind_are_read_and_written_back_alike() {
    let pool_name = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC";
    let mut form = sent(&format!(
        "name=a&oidc=arn:aws:iam::123456789012:oidc-provider/example.com\
         &saml=arn:aws:iam::123456789012:saml-provider/corp\
         &user_pools={pool_name}+client1+check%0A{pool_name}+client2\
         &social-accounts-google-com=app.google&tags=team%3Da%3Db%0Aempty"
    ));
    let pool = form.read();
    assert_eq!(form.errors, []);
    assert!(pool.cognito_identity_providers[0].server_side_token_check);
    assert_eq!(
        pool.supported_login_providers["accounts.google.com"],
        "app.google"
    );
    assert_eq!(pool.identity_pool_tags["team"], "a=b");
    let mut again = PoolForm::of(&pool);
    assert_eq!(again.read(), pool);
}

#[test]
fn a_name_that_is_set_is_not_read_from_the_form() {
    let fields = Fields::parse(b"name=a&developer=login.other");
    let mut form = PoolForm::sent(&fields, Some("login.example.app"));
    let pool = form.read();
    assert_eq!(form.errors, []);
    assert_eq!(
        pool.developer_provider_name.as_deref(),
        Some("login.example.app")
    );
}
