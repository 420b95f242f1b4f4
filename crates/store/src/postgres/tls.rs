//! TLS to the database: always with the server's certificate and name checked.
//!
//! **Source**: requirement S92 (no setting disables certificate checks).

use super::address::Tls;
use crate::StoreError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How connections are encrypted; `None` is not at all.
pub(super) fn of(tls: &Tls) -> Result<Option<MakeRustlsConnect>, StoreError> {
    let Tls::Verified { roots } = tls else {
        return Ok(None);
    };
    let roots = match roots {
        Some(file) => from_file(file)?,
        None => of_the_machine(),
    };
    if roots.is_empty() {
        let detail = "there is no root certificate to check it with; name a file in `sslrootcert`";
        return Err(StoreError::Unsuitable(detail.to_owned()));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(StoreError::unavailable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(config)))
}

fn from_file(file: &Path) -> Result<RootCertStore, StoreError> {
    let unusable = |error: &dyn std::fmt::Display| {
        let file = file.display();
        StoreError::Unsuitable(format!("`sslrootcert` `{file}` does not read: {error}"))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    Ok(roots)
}

fn of_the_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // Certificates that do not parse are of no use to anyone; those that do are enough.
    let _counts = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}
