//! A network that fails when it is told to: it stands between a client and the server's socket.
//!
//! It knows just enough of the protocol to see where one message ends and the next begins, so that
//! a connection can be cut at each of them, in either direction.
//!
//! **Source**: PostgreSQL documentation, *Message Formats*.
#![expect(clippy::disallowed_types, reason = "a network has sockets")]

use std::io::{Read, Result, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Direction {
    ToServer,
    ToClient,
}

/// What the network does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Weather {
    /// It carries everything.
    Fair,
    /// It cuts the connection instead of carrying the message after so many.
    CutAfter(Direction, usize),
    /// It cuts the connection instead of carrying the answer to the next commit.
    CutCommit,
    /// It keeps to itself what the connections of before this moment send from now on.
    Hold,
    /// It carries nothing and lets nobody in.
    Down,
}

struct Sky {
    weather: Weather,
    cuts: usize,
    /// Connections so far, and how many there were when the weather changed.
    connections: usize,
    held_below: usize,
    open: Vec<TcpStream>,
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    sky: Mutex<Sky>,
    changed: Condvar,
}

impl Proxy {
    /// A network to the server behind this socket.
    pub(crate) fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            sky: Mutex::new(Sky {
                weather: Weather::Fair,
                cuts: 0,
                connections: 0,
                held_below: 0,
                open: Vec::new(),
            }),
            changed: Condvar::new(),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                shared.connect(client.unwrap(), &socket);
            }
        });
        Self { address, state }
    }

    /// Changes the weather.
    pub(crate) fn turn(&self, weather: Weather) {
        let mut sky = self.state.sky.lock().unwrap();
        sky.weather = weather;
        sky.held_below = sky.connections;
        if weather == Weather::Down {
            for connection in sky.open.drain(..) {
                let _gone = connection.shutdown(Shutdown::Both);
            }
        }
        self.state.changed.notify_all();
    }

    /// How many connections were cut so far.
    pub(crate) fn cuts(&self) -> usize {
        self.state.sky.lock().unwrap().cuts
    }
}

impl State {
    fn connect(self: &Arc<Self>, client: TcpStream, socket: &PathBuf) {
        let number = {
            let mut sky = self.sky.lock().unwrap();
            if sky.weather == Weather::Down {
                return;
            }
            sky.connections += 1;
            sky.open.push(client.try_clone().unwrap());
            sky.connections
        };
        client.set_nodelay(true).unwrap();
        let Ok(server) = UnixStream::connect(socket) else {
            return;
        };
        let (from_client, to_client) = (client.try_clone().unwrap(), client);
        let (to_server, from_server) = (server.try_clone().unwrap(), server);
        let state = Arc::clone(self);
        std::thread::spawn(move || {
            let (mut client, mut server) = (from_client, to_server);
            let _cut = state.carry(number, Direction::ToServer, &mut client, &mut server);
            let _gone = client.shutdown(Shutdown::Both);
            let _gone = server.shutdown(Shutdown::Write);
        });
        let state = Arc::clone(self);
        std::thread::spawn(move || {
            let (mut server, mut client) = (from_server, to_client);
            let _cut = state.carry(number, Direction::ToClient, &mut server, &mut client);
            let _gone = client.shutdown(Shutdown::Both);
            let _gone = server.shutdown(Shutdown::Both);
        });
    }

    /// Carries messages until one side closes or the weather turns.
    fn carry(
        &self,
        number: usize,
        direction: Direction,
        from: &mut impl Read,
        to: &mut impl Write,
    ) -> Result<()> {
        // The very first message of a client has no kind.
        let mut has_kind = direction == Direction::ToClient;
        loop {
            let message = read(from, has_kind)?;
            has_kind = true;
            if !self.lets_pass(number, direction, &message) {
                return Ok(());
            }
            to.write_all(&message)?;
        }
    }

    fn lets_pass(&self, number: usize, direction: Direction, message: &[u8]) -> bool {
        let mut sky = self.sky.lock().unwrap();
        while direction == Direction::ToServer
            && sky.weather == Weather::Hold
            && number <= sky.held_below
        {
            sky = self.changed.wait(sky).unwrap();
        }
        let cut = match sky.weather {
            Weather::CutAfter(wanted, 0) => wanted == direction,
            Weather::CutCommit => direction == Direction::ToClient && is_commit(message),
            Weather::Down => true,
            _ => false,
        };
        if cut && sky.weather != Weather::Down {
            sky.cuts += 1;
            sky.weather = Weather::Fair;
        }
        if let Weather::CutAfter(wanted, left) = &mut sky.weather
            && *wanted == direction
        {
            *left -= 1;
        }
        !cut
    }
}

/// The server's word that a commit is done.
fn is_commit(message: &[u8]) -> bool {
    message.starts_with(b"C") && message.ends_with(b"COMMIT\0")
}

/// One message, whole.
fn read(from: &mut impl Read, has_kind: bool) -> Result<Vec<u8>> {
    let mut message = vec![0; if has_kind { 5 } else { 4 }];
    from.read_exact(&mut message)?;
    let length = message.last_chunk::<4>().unwrap();
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
    let start = message.len();
    message.resize(start + length - 4, 0);
    from.read_exact(&mut message[start..])?;
    Ok(message)
}
