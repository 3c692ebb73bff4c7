-- Who may log in, and what for.

grant usage on schema access to ${role};

create table user_account (
  name                 text        not null primary key check (name = lower(name) and name ~ '^[a-z][a-z0-9._-]{1,39}$'),
  display_name         text        not null check (length(display_name) between 1 and 80),
  -- None until the user has chosen the first password.
  password_hash        text,
  must_change_password boolean     not null,
  enabled              boolean     not null default true,
  created_by           text        not null,
  created_at           timestamptz not null default now(),
  last_login_at        timestamptz,
  -- Devices and addresses where the user signed in before this count no more.
  known_since          timestamptz not null default now(),
  -- Until then, what strangers tried with this name elsewhere keeps nobody out.
  lifted_until         timestamptz,
  -- Until the user has been told of it.
  password_reset_at    timestamptz,
  password_reset_by    text,
  check (password_hash is not null or not must_change_password),
  check ((password_reset_at is null) = (password_reset_by is null))
);
grant select, insert, update on user_account to ${role};

-- From where a user signed in, as keyed hashes of addresses: what strangers do to her name elsewhere does not concern these.
create table known_place (
  user_name text        not null references user_account,
  place     bytea       not null,
  last_at   timestamptz not null,
  primary key (user_name, place)
);
grant select, insert, update, delete on known_place to ${role};

-- A code of a reset that somebody accepted; the secret behind the code is in the user's browser only.
create table reset_acceptance (
  user_name     text        not null references user_account,
  code          text        not null,
  accepted_by   text        not null references user_account check (accepted_by <> user_name),
  administrator boolean     not null,
  accepted_at   timestamptz not null,
  primary key (user_name, code, accepted_by)
);
grant select, insert, update, delete on reset_acceptance to ${role};

-- Built-in roles have their permissions in the program, beside the operations; those of own roles stand below. A retired role is
-- granted no more, and its code is not used again.
create table role (
  code       text        not null primary key check (code ~ '^[a-z][a-z0-9_]{1,39}$'),
  name       text        not null check (length(name) between 1 and 60),
  built_in   boolean     not null default false,
  version    int         not null default 1,
  created_by text        not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz check (retired_at is null or not built_in)
);
create unique index role_name on role (lower(name));
grant select, insert, update (name, version, retired_at) on role to ${role};
insert into role (code, name, built_in, created_by)
values ('administrator', 'Administrator', true, 'system'),
       ('registrar', 'Registrar', true, 'system'),
       ('programme_manager', 'Programme manager', true, 'system'),
       ('approver', 'Approver', true, 'system'),
       ('finance_officer', 'Finance officer', true, 'system'),
       ('auditor', 'Auditor', true, 'system');

create table role_permission (
  role       text not null references role,
  permission text not null,
  primary key (role, permission)
);
grant select, insert, delete on role_permission to ${role};

-- What one person may not hold together: in one own role, or by all roles in one organisation.
create table permission_conflict (
  permission text not null,
  other      text not null,
  primary key (permission, other),
  check (permission <> other)
);
grant select on permission_conflict to ${role};
insert into permission_conflict (permission, other)
values ('programs.prepare', 'programs.approve'),
       ('programs.approve', 'programs.release'),
       ('access.manage_users', 'registry.view'),
       ('access.manage_users', 'registry.search'),
       ('access.manage_users', 'registry.reveal'),
       ('access.manage_users', 'registry.edit'),
       ('access.manage_users', 'registry.import'),
       ('access.manage_users', 'tokens.operate'),
       ('access.manage_users', 'programs.prepare'),
       ('access.manage_users', 'programs.enrol'),
       ('access.manage_users', 'programs.approve'),
       ('access.manage_users', 'programs.release'),
       ('access.manage_users', 'payments.fund'),
       ('access.manage_users', 'payments.operate'),
       ('access.manage_users', 'payments.statements');

-- A role of a user in one organisation. Where a second administrator is needed it is in force from the acceptance on.
create table user_grant (
  id              uuid        not null primary key,
  user_name       text        not null references user_account,
  organisation_id smallint    not null references foundation.organisation,
  role            text        not null references role,
  granted_by      text        not null,
  granted_at      timestamptz not null,
  needs_second    boolean     not null,
  accepted_by     text,
  accepted_at     timestamptz,
  in_force        boolean     not null generated always as (not needs_second or accepted_by is not null) stored,
  unique (user_name, organisation_id, role),
  check ((accepted_by is null) = (accepted_at is null)),
  check (needs_second or accepted_by is null),
  constraint accepted_by_another check (accepted_by <> granted_by and accepted_by <> user_name)
);
create index user_grant_of_organisation on user_grant (organisation_id, role);
create index user_grant_waiting on user_grant (granted_at) where not in_force;
grant select, insert, update (accepted_by, accepted_at), delete on user_grant to ${role};

-- Failed logins by what they have in common; forgotten by time. Names that nobody has are kept as keyed hashes only, as
-- passwords are typed there by mistake.
create table login_failure (
  source        bytea       not null primary key,
  kind          text        not null check (kind in ('pair', 'device', 'name', 'address', 'others')),
  user_name     text        references user_account,
  address       text,
  failures      int         not null,
  last_at       timestamptz not null,
  blocked_until timestamptz
);
create index login_failure_user on login_failure (user_name);
create index login_failure_age on login_failure (last_at);
grant select, insert, update, delete on login_failure to ${role};

-- How many there were in each hour, and how many of them stand in the audit trail.
create table login_failure_hour (
  hour     timestamptz not null primary key,
  failures bigint      not null,
  audited  int         not null
);
grant select, insert, update, delete on login_failure_hour to ${role};

-- Spring Session's own tables, as its documentation gives them. An identifier alone is no way in: the cookie of a session has a
-- keyed hash of it besides (SessionCookie), which is not stored.
create table web_session (
  primary_id            char(36) not null primary key,
  session_id            char(36) not null unique,
  creation_time         bigint   not null,
  last_access_time      bigint   not null,
  max_inactive_interval int      not null,
  expiry_time           bigint   not null,
  principal_name        varchar(100)
);
create index web_session_expiry on web_session (expiry_time);
create index web_session_principal on web_session (principal_name);
grant select, insert, update, delete on web_session to ${role};

create table web_session_attributes (
  session_primary_id char(36)      not null references web_session (primary_id) on delete cascade,
  attribute_name      varchar(200) not null,
  attribute_bytes     bytea        not null,
  primary key (session_primary_id, attribute_name)
);
grant select, insert, update, delete on web_session_attributes to ${role};
