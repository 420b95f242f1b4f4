//! Who is connected: how many, from where, doing what, and who has to make room.
//!
//! A full house closes the connection that has been quiet for longest rather than the newcomer; one
//! address cannot fill the house.
//!
//! **Source**: limits table (connections; per address, IPv6 by /64; oldest idle first); F19, F20.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use http::StatusCode;
use tokio::task::AbortHandle;

use super::limits::CONNECTIONS_PER_ADDRESS_MAX;
use crate::clock;

/// What one connection is doing, shared by its socket and its requests.
#[derive(Debug)]
pub(crate) struct Connection {
    answering: AtomicUsize,
    quiet_since: Mutex<Instant>,
    refused: AtomicU16,
}

impl Connection {
    /// A connection that has not asked anything yet.
    pub(crate) fn new() -> Self {
        Self {
            answering: AtomicUsize::new(0),
            quiet_since: Mutex::new(clock::instant()),
            refused: AtomicU16::new(0),
        }
    }

    /// Whether no request is being answered.
    pub(crate) fn is_quiet(&self) -> bool {
        self.answering.load(Ordering::Acquire) == 0
    }

    /// Marks a request as being answered until the mark is dropped.
    pub(crate) fn answering(self: &Arc<Self>) -> Answering {
        self.answering.fetch_add(1, Ordering::AcqRel);
        Answering(Arc::clone(self))
    }

    /// Notes that the next request on this connection is one we refuse, and why.
    pub(crate) fn refuse(&self, status: StatusCode) {
        self.refused.store(status.as_u16(), Ordering::Release);
    }

    /// The status the gate refused this connection's request with, if it did.
    pub(crate) fn refused(&self) -> Option<StatusCode> {
        StatusCode::from_u16(self.refused.load(Ordering::Acquire)).ok()
    }

    fn quiet_since(&self) -> Option<Instant> {
        let since = *self
            .quiet_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.is_quiet().then_some(since)
    }
}

/// A request is being answered on this connection.
#[derive(Debug)]
pub(crate) struct Answering(Arc<Connection>);

impl Drop for Answering {
    fn drop(&mut self) {
        let now = clock::instant();
        *self
            .0
            .quiet_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = now;
        self.0.answering.fetch_sub(1, Ordering::AcqRel);
    }
}

/// All connections.
#[derive(Debug)]
pub(crate) struct Connections {
    max: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    entries: HashMap<u64, Entry>,
    per_address: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Entry {
    address: Option<IpAddr>,
    connection: Arc<Connection>,
    task: Option<AbortHandle>,
}

impl Connections {
    /// Room for `max` connections.
    pub(crate) fn new(max: usize) -> Self {
        Self {
            max,
            open: Mutex::default(),
        }
    }

    /// Lets a connection in, or says there is no room for it. `address` is `None` for a peer that
    /// speaks for many, such as a trusted proxy.
    pub(crate) fn enter(
        self: &Arc<Self>,
        address: Option<IpAddr>,
        connection: &Arc<Connection>,
    ) -> Option<Place> {
        let address = address.map(network);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(address) = address
            && open.per_address.get(&address).copied().unwrap_or(0) >= CONNECTIONS_PER_ADDRESS_MAX
        {
            return None;
        }
        if open.entries.len() >= self.max && !open.close_quietest() {
            return None;
        }
        let number = open.next;
        open.next = open.next.wrapping_add(1);
        if let Some(address) = address {
            let count = open.per_address.entry(address).or_default();
            *count = count.saturating_add(1);
        }
        let connection = Arc::clone(connection);
        open.entries.insert(
            number,
            Entry {
                address,
                connection,
                task: None,
            },
        );
        Some(Place {
            connections: Arc::clone(self),
            number,
        })
    }

    /// Tells which task serves a place, so that it can be asked to make room.
    pub(crate) fn served_by(&self, number: u64, task: AbortHandle) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = open.entries.get_mut(&number) {
            entry.task = Some(task);
        }
    }
}

impl Open {
    fn close_quietest(&mut self) -> bool {
        let quietest = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.task.is_some())
            .filter_map(|(number, entry)| Some((entry.connection.quiet_since()?, *number)))
            .min();
        let Some((_, number)) = quietest else {
            return false;
        };
        if let Some(task) = self.remove(number).and_then(|entry| entry.task) {
            task.abort();
        }
        true
    }

    fn remove(&mut self, number: u64) -> Option<Entry> {
        let entry = self.entries.remove(&number)?;
        if let Some(address) = entry.address
            && let Some(count) = self.per_address.get_mut(&address)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.per_address.remove(&address);
            }
        }
        Some(entry)
    }
}

/// A connection's place; leaving frees it.
#[derive(Debug)]
pub(crate) struct Place {
    connections: Arc<Connections>,
    number: u64,
}

impl Place {
    /// The number of this place, for [`Connections::served_by`].
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self
            .connections
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        open.remove(self.number);
    }
}

/// One IPv6 customer owns at least a /64, so that is what counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(house: &Arc<Connections>, address: &str) -> Option<(Place, Arc<Connection>)> {
        let connection = Arc::new(Connection::new());
        let place = house.enter(Some(address.parse().unwrap()), &connection)?;
        Some((place, connection))
    }

    #[test]
    fn f19_one_address_cannot_fill_the_house() {
        let house = Arc::new(Connections::new(10_000));
        let held: Vec<_> = (0..CONNECTIONS_PER_ADDRESS_MAX)
            .filter_map(|_| enter(&house, "192.0.2.1"))
            .collect();
        assert_eq!(held.len(), CONNECTIONS_PER_ADDRESS_MAX);
        assert!(enter(&house, "192.0.2.1").is_none());
        assert!(
            enter(&house, "::ffff:192.0.2.1").is_none(),
            "the mapped form is the same address"
        );
        assert!(enter(&house, "192.0.2.2").is_some());
        drop(held);
        assert!(enter(&house, "192.0.2.1").is_some());
    }

    #[test]
    fn f19_an_ipv6_network_counts_as_one_address() {
        let house = Arc::new(Connections::new(10_000));
        let held: Vec<_> = (0..CONNECTIONS_PER_ADDRESS_MAX)
            .filter_map(|host| enter(&house, &format!("2001:db8::{host:x}")))
            .collect();
        assert_eq!(held.len(), CONNECTIONS_PER_ADDRESS_MAX);
        assert!(enter(&house, "2001:db8::ffff:1").is_none());
        assert!(enter(&house, "2001:db8:0:1::1").is_some());
    }

    #[tokio::test]
    async fn f19_a_full_house_closes_the_quietest_and_never_a_busy_one() {
        let house = Arc::new(Connections::new(2));
        let (first, first_state) = enter(&house, "192.0.2.1").unwrap();
        let (second, second_state) = enter(&house, "192.0.2.2").unwrap();
        let tasks = [
            tokio::spawn(std::future::pending::<()>()),
            tokio::spawn(std::future::pending()),
        ];
        house.served_by(first.number(), tasks[0].abort_handle());
        house.served_by(second.number(), tasks[1].abort_handle());

        let busy = first_state.answering();
        assert!(
            enter(&house, "192.0.2.3").is_some(),
            "the second was quiet and made room"
        );
        let [first_task, second_task] = tasks;
        assert!(second_task.await.unwrap_err().is_cancelled());
        assert!(!first_task.is_finished());
        drop(busy);
        drop((second, second_state));
        assert_eq!(
            house.open.lock().unwrap().entries.len(),
            1,
            "leaving twice frees one place only"
        );
    }

    #[test]
    fn f19_nobody_quiet_means_no_room() {
        let house = Arc::new(Connections::new(1));
        let (_place, state) = enter(&house, "192.0.2.1").unwrap();
        let _busy = state.answering();
        assert!(enter(&house, "192.0.2.2").is_none());
    }
}
