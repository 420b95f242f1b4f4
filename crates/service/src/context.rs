//! The condition keys of a request: who asks, when, from where, with what session.
//!
//! **Source**: contract page, policy evaluation sections 3.4 and 5.10.

use daypass_core::user::root_arn;
use daypass_policy::Context;

use crate::circumstances::Circumstances;
use crate::env::Env;
use crate::guard::{Caller, Standing};

/// The keys of a request, for policies of any kind.
pub(crate) fn request_context(
    env: &Env,
    caller: &Caller,
    circumstances: &Circumstances,
) -> Context {
    let mut context = anonymous_context(env, circumstances);
    context.set("aws:userid", caller.user_id(env));
    context.set("aws:PrincipalAccount", env.account().to_string());
    context.set("aws:PrincipalIsAWSService", "false");
    let (kind, arn) = match caller.standing() {
        Standing::Root | Standing::RootSession(_) => ("Account", root_arn(env.account())),
        Standing::User(user) | Standing::UserSession(_, user) => {
            context.set("aws:username", user.name.clone());
            for (key, value) in &user.tags {
                context.set(&format!("aws:PrincipalTag/{key}"), value.clone());
            }
            ("User", user.arn(env.account()))
        }
        Standing::RoleSession(_, role) => ("AssumedRole", role.arn(env.account())),
    };
    context.set("aws:PrincipalType", kind);
    context.set("aws:PrincipalArn", arn);
    if let Some(session) = caller.session() {
        let role = match caller.standing() {
            Standing::RoleSession(_, role) => Some(role.as_ref()),
            _ => None,
        };
        daypass_core::session::fill_context(session, role, env.issuer_host(), &mut context);
    }
    context
}

/// The keys of a request whose caller is not known.
pub(crate) fn anonymous_context(env: &Env, circumstances: &Circumstances) -> Context {
    let seconds = circumstances.now.seconds();
    let mut context = Context::new();
    context.set("aws:CurrentTime", daypass_wire::time::iso8601(seconds));
    context.set("aws:EpochTime", seconds.to_string());
    context.set("aws:RequestedRegion", env.region().to_string());
    context.set("aws:SecureTransport", circumstances.secure.to_string());
    context.set("aws:SourceIp", circumstances.peer.to_string());
    context.set("aws:UserAgent", circumstances.user_agent.clone());
    context.set("aws:ViaAWSService", "false");
    context.set("aws:ResourceAccount", env.account().to_string());
    if let Some(referer) = &circumstances.referer {
        context.set("aws:Referer", referer.clone());
    }
    context
}
