//! Which URLs and addresses are taken.

use super::*;

fn taken(url: &str, private: &[&str]) -> bool {
    let private: Vec<String> = private.iter().map(|host| (*host).to_owned()).collect();
    IssuerUrl::parse(url, &private).is_ok()
}

#[test]
fn a_url_has_one_plain_form() {
    for url in [
        "https://id.example.com",
        "https://id.example.com/",
        "https://ID.example.com/realms/x",
        "https://id.example.com/realms/x/",
        "https://93.184.216.34/x",
    ] {
        assert!(taken(url, &[]), "{url}");
    }
    for url in [
        "",
        "id.example.com",
        "http://id.example.com",
        "HTTPS://id.example.com",
        "https://",
        "https:///x",
        "https://id.example.com:8443",
        "https://id.example.com:",
        "https://id.example.com:x",
        "https://user@id.example.com",
        "https://id.example.com/a?b",
        "https://id.example.com/a#b",
        "https://id.example.com/a b",
        "https://id.example.com//a",
        "https://id.example.com/a/../b",
        "https://id.example.com/.",
        "https://id..example.com",
        "https://id_x.example.com",
        "https://id.example.com\\x",
        "https://id.exämple.com",
        "https://[::1",
    ] {
        assert!(!taken(url, &[]), "{url}");
    }
}

#[test]
fn s79_hosts_inside_a_network_are_taken_only_by_name() {
    for host in [
        "localhost",
        "x.localhost",
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "[::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
    ] {
        let url = format!("https://{host}/x");
        assert!(!taken(&url, &[]), "{host}");
        assert!(taken(&url, &[host.trim_matches(['[', ']'])]), "{host}");
    }
    for host in [
        "2130706433",
        "127.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "0177.0.0.1",
    ] {
        assert!(!taken(&format!("https://{host}/"), &[host]), "{host}");
    }
}

#[test]
fn s79_plain_http_is_for_named_hosts_of_this_machine() {
    assert!(taken("http://127.0.0.1:9000/x", &["127.0.0.1"]));
    assert!(taken("http://localhost:9000", &["LOCALHOST"]));
    assert!(taken("https://id.internal:8443/x", &["id.internal"]));
    assert!(!taken("http://127.0.0.1:9000/x", &["localhost"]));
    assert!(!taken("http://10.0.0.1/x", &["10.0.0.1"]));
    assert!(!taken("http://id.internal/x", &["id.internal"]));
}

#[test]
fn s79_addresses_of_networks_machines_and_documents_are_not_public() {
    for address in [
        "0.0.0.0",
        "100.64.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.31.0.1",
        "192.0.2.1",
        "198.19.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001::1",
        "2002:7f00:1::",
        "2001:db8::1",
    ] {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
    for address in [
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "2a00::1",
    ] {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn a_url_names_its_provider_without_the_scheme() {
    let url = IssuerUrl::parse("https://id.example.com/realms/x", &[]).unwrap();
    assert_eq!(url.name(), "id.example.com/realms/x");
    assert!(url.is_https());
    assert_eq!(IssuerUrl::stored(url.to_string()), url);
}
