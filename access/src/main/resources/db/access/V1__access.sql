-- Who may log in, and what for.

grant usage on schema access to ${role};

create table user_account (
  name                 text        not null primary key check (name = lower(name) and name ~ '^[a-z][a-z0-9._-]{1,39}$'),
  display_name         text        not null check (length(display_name) between 1 and 80),
  password_hash        text        not null,
  must_change_password boolean     not null,
  enabled              boolean     not null default true,
  created_by           text        not null,
  created_at           timestamptz not null default now(),
  last_login_at        timestamptz
);
grant select, insert, update on user_account to ${role};

create table user_role (
  user_name  text        not null references user_account,
  role       text        not null check (role in ('administrator', 'registrar', 'programme_manager', 'approver',
                                                  'finance_officer', 'auditor')),
  granted_by text        not null,
  granted_at timestamptz not null default now(),
  primary key (user_name, role)
);
grant select, insert, delete on user_role to ${role};

-- Failed logins per name and per address, for the throttle; forgotten by time.
create table login_failure (
  source        text        not null primary key,
  failures      int         not null,
  last_at       timestamptz not null,
  blocked_until timestamptz
);
grant select, insert, update, delete on login_failure to ${role};

-- Spring Session's own tables, as its documentation gives them.
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
