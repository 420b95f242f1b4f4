//! Signature Version 4 from outside: an honest client, and everything that may be done to its
//! requests on the way.
//!
//! **Source**: requirements S04, S05, S27–S35, S37 and S38 of the reliability and security page.

#[cfg(test)]
mod chunks;
#[cfg(test)]
mod client;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod payloads;
#[cfg(test)]
mod places;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod structure;
#[cfg(test)]
mod urls;
