//! Whole requests through the one door: paths, queries, headers, forms, JSON, XML, ranges and bodies
//! in chunks, signed and unsigned, as a stranger or a customer sends them.
//!
//! **Shape**: the text of a request as the vectors write it; `Signed-By: root` signs it.
//!
//! **Source**: requirements S12 and S92.
#![expect(
    clippy::expect_used,
    reason = "a target that cannot start must not look like one that ran"
)]

use std::cell::RefCell;

use tokio::runtime::{Builder, Runtime};

use crate::house::{House, Plan};
use crate::vector::given::World;
use crate::vector::request;

/// Requests to one house before it is swapped for a fresh one, so that it does not fill up.
const REQUESTS_MAX: usize = 256;

/// What stands in the house before the first request.
const GIVEN: &str = "pool P, developer provider login.example, guests; \
    role AppUser, trusts users of P, allows * on *; P gives AppUser to users; \
    identity A of P for user-1; guest G of P; token T for A; \
    user ann; bucket demo; object demo/a holds hello";

/// A house as it was furnished, and the one that requests go to.
struct Door {
    runtime: Runtime,
    world: World<'static>,
    furnished: &'static House,
    open: House,
    requests: usize,
}

impl Door {
    fn new() -> Result<Self, String> {
        let told = |error: std::io::Error| error.to_string();
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(told)?;
        let furnished: &'static House = Box::leak(Box::new(
            runtime.block_on(Box::pin(House::open(Plan::default()))),
        ));
        let world = runtime.block_on(async {
            let mut world = Box::pin(World::around(furnished)).await?;
            for phrase in GIVEN.split("; ") {
                Box::pin(world.given(phrase)).await?;
            }
            Ok::<_, String>(world)
        })?;
        let open = runtime.block_on(furnished.fork());
        Ok(Self {
            runtime,
            world,
            furnished,
            open,
            requests: 0,
        })
    }

    fn knock(&mut self, text: &str) {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let Ok(request) = request::build(&lines, &self.world) else {
            return;
        };
        if self.requests == REQUESTS_MAX {
            self.open = self.runtime.block_on(self.furnished.fork());
            self.requests = 0;
        }
        self.requests += 1;
        let answer = self.runtime.block_on(self.open.send(request));
        assert_ne!(
            answer.status(),
            500,
            "a request made the server fail: {}",
            String::from_utf8_lossy(answer.body())
        );
    }
}

/// A request, as text.
///
/// # Panics
///
/// If the house cannot be furnished, or answers that it failed.
pub fn front_door(bytes: &[u8]) {
    thread_local! {
        static DOOR: RefCell<Option<Door>> = const { RefCell::new(None) };
    }
    let text = String::from_utf8_lossy(bytes);
    DOOR.with_borrow_mut(|door| {
        let made = || Door::new().expect("the house is furnished");
        door.get_or_insert_with(made).knock(&text);
    });
}
