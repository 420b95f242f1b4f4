//! The kept pack of SAML responses and metadata, `vectors/saml`: what becomes of each file.
//!
//! **Source**: requirements S39 to S45; the pack is made by `vectors/saml/pack.py`.

#[cfg(test)]
mod given;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod pack;
