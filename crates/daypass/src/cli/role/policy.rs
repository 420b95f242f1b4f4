//! `daypass role policy`: what a role may do.
//!
//! **Source**: IAM API reference, *PutRolePolicy* and its kin.

use clap::Args;
use serde_json::json;

use super::super::pool::Template;
use super::super::session::Session;
use super::super::show::Table;
use super::{document, print_document};
use crate::api::CallError;
use crate::exit::Failure;

/// Which policy, and what to do with it.
#[derive(Args, Debug)]
pub(super) struct Policy {
    /// Name of the role
    #[arg(value_name = "ROLE")]
    role: String,
    /// Name of the policy; without it the list of them
    #[arg(value_name = "POLICY")]
    name: Option<String>,
    /// Put the policy from this file, or `-` for standard input
    #[arg(long, value_name = "FILE", requires = "name", conflicts_with_all = ["template", "delete"])]
    document: Option<String>,
    /// Put the policy of a template
    #[arg(
        long,
        value_enum,
        value_name = "TEMPLATE",
        requires = "bucket",
        conflicts_with = "delete"
    )]
    template: Option<Template>,
    /// Bucket the template is for
    #[arg(long, value_name = "NAME", requires = "template")]
    bucket: Option<String>,
    /// Delete the policy
    #[arg(long, requires = "name")]
    delete: bool,
}

/// Shows, puts or deletes.
pub(super) async fn run(session: &Session, flags: &Policy) -> Result<(), Failure> {
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let role = &flags.role;
    let template = flags.template.and_then(Template::access);
    let put = match (&flags.document, template, &flags.bucket) {
        (Some(file), ..) => Some((flags.name.clone().unwrap_or_default(), document(file)?)),
        (None, Some(access), Some(bucket)) => {
            let named = flags.name.as_deref().unwrap_or(access.policy_name());
            Some((named.to_owned(), access.policy(bucket)))
        }
        _ => None,
    };
    if let Some((policy, text)) = put {
        api.put_role_policy(role, &policy, &text)
            .await
            .map_err(failed)?;
        let text = api.role_policy(role, &policy).await.map_err(failed)?;
        print_document(session, &text);
        return Ok(());
    }
    match (&flags.name, flags.delete) {
        (None, _) => list(session, role).await,
        (Some(policy), false) => {
            let text = api.role_policy(role, policy).await.map_err(failed)?;
            print_document(session, &text);
            Ok(())
        }
        (Some(policy), true) => {
            let consequence = format!("This takes the policy `{policy}` from the role `{role}`.");
            session.confirm.typed(&consequence, policy).await?;
            api.delete_role_policy(role, policy).await.map_err(failed)?;
            session.show.line(&format!("deleted {policy}"));
            Ok(())
        }
    }
}

async fn list(session: &Session, role: &str) -> Result<(), Failure> {
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let own = api.role_policies(role).await.map_err(failed)?;
    let attached = api.attached_role_policies(role).await.map_err(failed)?;
    let mut table = Table::new(&["POLICY", "KIND"]);
    for name in &own {
        table.row(&[name, "its own"]);
    }
    for (name, arn) in &attached {
        table.row(&[name, arn]);
    }
    let attached: Vec<_> = attached
        .iter()
        .map(|(name, arn)| json!({"PolicyName": name, "PolicyArn": arn}))
        .collect();
    let data = json!({"PolicyNames": own, "AttachedPolicies": attached});
    session.show.data(&data, &table);
    Ok(())
}
