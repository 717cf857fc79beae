//! `firegrid user`: accounts, and what people and programs come in with.
//!
//! Whoever runs commands owns the machine, so nothing is asked for here; what is done stands in the log all the same.

use std::io::IsTerminal;

use anyhow::{Context, bail};

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::credentials;
use crate::domain::account::{Role, TokenPower, check_unit};
use crate::domain::actor::{Actor, Through};
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::time::SignedDuration;
use crate::domain::unit::UnitCode;
use crate::store::{Account, AccountChange, NewAccount, NewToken, Standing, Store};
use crate::words::bad_phone;
use crate::words::commands::user as words;

/// Arguments of `user`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make an account.
    Add(AddArgs),
    /// List accounts.
    List {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Disable an account: whoever is in under it is out at once.
    Disable {
        /// The account.
        name: String,
    },
    /// Let a disabled account in again.
    Enable {
        /// The account.
        name: String,
    },
    /// Make an account another role, or another unit's; its devices sign in again, its links and tokens end.
    Role {
        /// The account.
        name: String,
        /// inspector | village | township | county | city | admin | viewer
        #[arg(value_parser = parse_role)]
        role: Role,
        /// Code of the unit it stands for; the one it has unless given.
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Give an account a password; its devices must sign in again.
    Password {
        /// The account.
        name: String,
    },
    /// Take the second step of an account away: its authenticator was lost, and the recovery codes too.
    RemoveSecondStep {
        /// The account.
        name: String,
    },
    /// Make a personal sign-in link: one use, a day unless configured otherwise. An earlier one is void.
    Link {
        /// The account.
        name: String,
        /// Also write it as a QR code to this SVG file.
        #[arg(long, value_name = "FILE")]
        qr: Option<std::path::PathBuf>,
    },
    /// Make a token for a program. It is printed once and cannot be shown again.
    Token {
        /// The account whose ground it sees.
        name: String,
        /// What it is for.
        #[arg(long)]
        label: String,
        /// read | write | `act_for` (may name who acts, for another system with its own accounts).
        #[arg(long, default_value = "read", value_parser = parse_power)]
        power: TokenPower,
        /// Days until it ends.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
}

#[derive(Debug, clap::Args)]
struct AddArgs {
    /// Typed to sign in.
    name: String,
    /// inspector | village | township | county | city | admin | viewer
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// Code of the unit it stands for; the whole region unless given.
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// The person's name, as it will stand in the log.
    #[arg(long)]
    person: String,
    /// Telephone.
    #[arg(long)]
    phone: Option<String>,
    /// Ask for a password (or read it from standard input); without one the account comes in by link.
    #[arg(long)]
    password: bool,
    /// Who it is for the city's own sign-on: the `sub` that it gives.
    #[arg(long, value_name = "SUB")]
    subject: Option<String>,
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| format!("expected {}", Role::ALL.map(Role::name).join(", ")))
}

fn parse_power(text: &str) -> Result<TokenPower, String> {
    TokenPower::from_name(text).ok_or_else(|| format!("expected {}", TokenPower::ALL.map(TokenPower::name).join(", ")))
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
    let store = app::open_store(&config)?;
    match args.action {
        Action::Add(args) => add(&store, &ground, args).await?,
        Action::List { json } => list(&store, json).await?,
        Action::Disable { name } => change(&store, &name, AccountChange::Disable).await?,
        Action::Enable { name } => change(&store, &name, AccountChange::Enable).await?,
        Action::Role { name, role, unit } => {
            let unit = match unit {
                Some(code) => UnitCode(code),
                None => store.accounts().find(name.as_str()).await?.unit_code,
            };
            check_unit(&ground, role, &unit)?;
            change(&store, &name, AccountChange::Role(Standing { role, unit })).await?;
        }
        Action::Password { name } => {
            let account = store.accounts().find(name.as_str()).await?;
            let hash = ask_password(&[&account.name, &account.person])?;
            change(&store, &name, AccountChange::Password { hash, keep: None }).await?;
        }
        Action::RemoveSecondStep { name } => {
            let removed = store.accounts().change(&name, AccountChange::NoSecondStep, by(), app::now()).await?;
            if !removed {
                output::note(&words::no_second_step(&name).to_string());
            }
        }
        Action::Link { name, qr } => link(&store, &config, &name, qr).await?,
        Action::Token { name, label, power, days } => {
            let secret = credentials::new_secret()?;
            let expires_at = app::now().checked_add(SignedDuration::from_hours(24 * i64::from(days)))?;
            let new = NewToken { secret_hash: credentials::digest(&secret), label, power, expires_at };
            change(&store, &name, AccountChange::Token(new)).await?;
            output::text(&secret)?;
        }
    }
    Ok(Done::Completed)
}

/// Whoever sits at this machine.
fn by() -> Actor {
    Actor::system().through(Through::shell())
}

async fn change(store: &Store, name: &str, change: AccountChange) -> anyhow::Result<()> {
    store.accounts().change(name, change, by(), app::now()).await?;
    Ok(())
}

async fn add(store: &Store, ground: &Ground, args: AddArgs) -> anyhow::Result<()> {
    let unit = match &args.unit {
        Some(code) => UnitCode(code.clone()),
        None => ground.top().map(|unit| unit.code.clone()).context("the region has no unit at the top")?,
    };
    check_unit(ground, args.role, &unit)?;
    let password_hash = if args.password { Some(ask_password(&[&args.name, &args.person])?) } else { None };
    let phone = Phone::parse(args.phone.as_deref().unwrap_or_default())
        .map_err(|error| anyhow::anyhow!("{}", bad_phone(words::PHONE.zh, words::PHONE.en, error)))?;
    let new = NewAccount {
        name: args.name,
        person: args.person,
        role: args.role,
        unit,
        phone,
        password_hash,
        subject: args.subject,
    };
    let account = store.accounts().add(new, by(), app::now()).await?;
    output::note(&format!("{} · {} · {}", account.name, account.role.name(), account.unit_code));
    Ok(())
}

/// A password from the terminal, without echo and twice, or one line of standard input; its hash.
fn ask_password(about: &[&str]) -> anyhow::Result<String> {
    let password = if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password(words::PASSWORD.to_string())?;
        if first != rpassword::prompt_password(words::ONCE_MORE.to_string())? {
            bail!(words::DIFFER);
        }
        first
    } else {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("cannot read the password from standard input")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    credentials::check_password(&password, about)?;
    Ok(credentials::hash_password(&password)?)
}

async fn link(store: &Store, config: &Config, name: &str, qr: Option<std::path::PathBuf>) -> anyhow::Result<()> {
    let (secret, now) = (credentials::new_secret()?, app::now());
    let expires = now.checked_add(app::account_rules(config).link_lasts)?;
    change(store, name, AccountChange::Link { secret_hash: credentials::digest(&secret), expires }).await?;
    let account = store.accounts().find(name).await?;
    let base = match config.web.public_url.as_str() {
        "" => format!("http://{}", config.web.listen),
        public => public.trim_end_matches('/').to_owned(),
    };
    let address = format!("{base}/l/{secret}");
    if let Some(file) = qr {
        let code = credentials::qr_svg(&address)?;
        std::fs::write(&file, code).with_context(|| format!("cannot write {}", file.display()))?;
    }
    output::note(&format!("{} {} · {expires}", account.person, account.name));
    output::text(&address)
}

async fn list(store: &Store, json: bool) -> anyhow::Result<()> {
    let accounts = store.accounts().all().await?;
    if json {
        return output::json(&accounts);
    }
    let line = |account: &Account| {
        let seen = account.last_seen_at.map_or_else(|| "–".to_owned(), |at| at.to_string());
        let disabled = if account.disabled_at.is_some() { format!(" {}", words::DISABLED) } else { String::new() };
        format!(
            "{:<20} {:<10} {:<14} {} {seen}{disabled}",
            account.name,
            account.role.name(),
            account.unit_code,
            account.person
        )
    };
    output::text(&accounts.iter().map(line).collect::<Vec<_>>().join("\n"))
}
