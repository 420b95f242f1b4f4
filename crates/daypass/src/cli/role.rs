//! `daypass role`: roles, who may assume them, what they may do.
//!
//! **Source**: users page, section 9 (`role create`); IAM API reference.

mod policy;

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::pool::Template;
use super::resolve;
use super::session::{Session, SessionFlags};
use super::show::Table;
use crate::api::CallError;
use crate::api::roles::Role as Found;
use crate::exit::Failure;
use crate::templates::{self, IdentityKind};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass role create photos-users --pool photos --template user-prefix --bucket photos
  daypass role trust photos-users                     who may assume it
  daypass role policy photos-users                    what it may do
  daypass role policy photos-users extra --document extra.json
";

/// `daypass role …`.
#[derive(Args, Debug)]
pub(super) struct Role {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    session: SessionFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a role for the users or guests of a pool
    Create(Create),
    /// List the roles
    List,
    /// Show one role
    Get {
        /// Name of the role
        #[arg(value_name = "ROLE")]
        role: String,
    },
    /// Delete a role and its own policies
    Delete {
        /// Name of the role
        #[arg(value_name = "ROLE")]
        role: String,
    },
    /// Show or replace who may assume a role
    Trust(Trust),
    /// Show, put or delete a policy of a role
    Policy(policy::Policy),
}

/// Whose role it is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum Kind {
    /// Users with a login
    #[default]
    Authenticated,
    /// Guests
    Unauthenticated,
}

impl Kind {
    fn kind(self) -> IdentityKind {
        match self {
            Self::Authenticated => IdentityKind::Authenticated,
            Self::Unauthenticated => IdentityKind::Unauthenticated,
        }
    }
}

#[derive(Args, Debug)]
struct Create {
    /// Name of the role
    #[arg(value_name = "ROLE")]
    role: String,
    /// Id or name of the pool whose identities may have it
    #[arg(long, value_name = "POOL", required_unless_present = "trust")]
    pool: Option<String>,
    /// Whose role it is
    #[arg(long, value_enum, default_value_t, value_name = "KIND")]
    kind: Kind,
    /// File of a trust policy of your own, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pool", "kind"])]
    trust: Option<String>,
    /// What it may do
    #[arg(long, value_enum, value_name = "TEMPLATE", requires = "bucket")]
    template: Option<Template>,
    /// Bucket the template is for
    #[arg(long, value_name = "NAME", requires = "template")]
    bucket: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
}

#[derive(Args, Debug)]
struct Trust {
    /// Name of the role
    #[arg(value_name = "ROLE")]
    role: String,
    /// Let the identities of this pool have it
    #[arg(long, value_name = "POOL", conflicts_with = "document")]
    pool: Option<String>,
    /// Whose role it is
    #[arg(long, value_enum, default_value_t, value_name = "KIND")]
    kind: Kind,
    /// File of a trust policy of your own, or `-` for standard input
    #[arg(long, value_name = "FILE")]
    document: Option<String>,
}

/// Runs `daypass role …`.
pub(super) fn run(role: Role) -> Result<ExitCode, Failure> {
    let Role { command, session } = role;
    session.run(|session| async move {
        match command {
            Command::Create(flags) => create(&session, &flags).await?,
            Command::List => list(&session).await?,
            Command::Get { role } => {
                let role = session.api()?.role(&role).await;
                show(&session, &role.map_err(|error| session.trouble(&error))?);
            }
            Command::Delete { role } => delete(&session, &role).await?,
            Command::Trust(flags) => trust(&session, &flags).await?,
            Command::Policy(flags) => policy::run(&session, &flags).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes a role.
fn show(session: &Session, role: &Found) {
    let table = Table::pairs(&[
        ("Name", &role.role_name),
        ("ARN", &role.arn),
        ("Description", &role.description),
        ("Created", &role.create_date),
        (
            "Longest session",
            &format!("{}s", role.max_session_duration),
        ),
    ]);
    session.show.data(role, &table);
}

async fn list(session: &Session) -> Result<(), Failure> {
    let roles = session.api()?.roles().await;
    let roles = roles.map_err(|error| session.trouble(&error))?;
    let mut table = Table::new(&["NAME", "ARN", "CREATED", "DESCRIPTION"]);
    for role in &roles {
        table.row(&[
            &role.role_name,
            &role.arn,
            &role.create_date,
            &role.description,
        ]);
    }
    session.show.data(&json!({ "Roles": roles }), &table);
    Ok(())
}

async fn create(session: &Session, flags: &Create) -> Result<(), Failure> {
    let trust = match (&flags.trust, &flags.pool) {
        (Some(file), _) => document(file)?,
        (None, Some(pool)) => {
            let pool = resolve::pool(session, pool).await?;
            let tags = flags.kind == Kind::Authenticated;
            templates::trust(&pool, flags.kind.kind(), tags)
        }
        // The parser asks for one of them.
        (None, None) => return Err(Failure::usage("name a pool or a trust policy")),
    };
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let role = api
        .create_role(&flags.role, &trust, &flags.description)
        .await
        .map_err(failed)?;
    let access = flags.template.and_then(Template::access);
    if let (Some(access), Some(bucket)) = (access, &flags.bucket) {
        api.put_role_policy(&flags.role, access.policy_name(), &access.policy(bucket))
            .await
            .map_err(failed)?;
    }
    show(session, &role);
    Ok(())
}

async fn delete(session: &Session, name: &str) -> Result<(), Failure> {
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    // A role that is not there is said before anything is asked.
    api.role(name).await.map_err(failed)?;
    let own = api.role_policies(name).await.map_err(failed)?;
    let attached = api.attached_role_policies(name).await.map_err(failed)?;
    let consequence = format!(
        "This deletes the role `{name}` with {} policies of its own, and leaves {} managed ones. \
         Sessions it has opened end at once. It cannot be undone.",
        own.len(),
        attached.len()
    );
    session.confirm.typed(&consequence, name).await?;
    for policy in &own {
        api.delete_role_policy(name, policy).await.map_err(failed)?;
    }
    for (_, arn) in &attached {
        api.detach_role_policy(name, arn).await.map_err(failed)?;
    }
    api.delete_role(name).await.map_err(failed)?;
    session.show.line(&format!("deleted {name}"));
    Ok(())
}

async fn trust(session: &Session, flags: &Trust) -> Result<(), Failure> {
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let new = match (&flags.document, &flags.pool) {
        (Some(file), _) => Some(document(file)?),
        (None, Some(pool)) => {
            let pool = resolve::pool(session, pool).await?;
            let tags = flags.kind == Kind::Authenticated;
            Some(templates::trust(&pool, flags.kind.kind(), tags))
        }
        (None, None) => None,
    };
    if let Some(new) = new {
        api.update_trust(&flags.role, &new).await.map_err(failed)?;
    }
    let role = api.role(&flags.role).await.map_err(failed)?;
    print_document(session, &role.assume_role_policy_document);
    Ok(())
}

/// A document is data of its own: JSON as it was put, in both forms.
fn print_document(session: &Session, document: &str) {
    if session.show.is_json()
        && let Ok(value) = serde_json::from_str::<serde_json::Value>(document)
    {
        session.show.data(&value, &Table::default());
        return;
    }
    for line in document.lines() {
        session.show.line(line);
    }
}

/// A document of the caller's own.
pub(super) fn document(file: &str) -> Result<String, Failure> {
    let read = if file == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    read.map_err(|error| Failure::usage(format!("`{file}` does not read: {error}")))
}
