-- Submissions of ODK forms, which a seeder reads itself: in which windows of time, and which submissions were among them. What
-- they say of people passes through and is kept nowhere here.

alter table request drop constraint request_delivery_check;
alter table request add constraint request_delivery_check check (delivery in ('callback', 'download', 'form'));

-- A half-open part of the time in which submissions were made: [from_at, to_at).
create table form_window (
  id           uuid        not null primary key,
  connector_id uuid        not null references connector on delete cascade,
  -- of the address of the form
  form_digest  bytea       not null,
  from_at      timestamptz not null,
  to_at        timestamptz not null,
  -- null while it is asked for, once it was read, and where it waits for the next run
  due_at       timestamptz,
  attempts     int         not null default 0,
  -- one that the seeder cannot bear is halved until what is at fault stands alone
  halvings     int         not null default 0,
  -- the newest one for it; the window was read where that is done
  request_id   uuid        unique references request,
  submissions  int         not null default 0,
  not_selected int         not null default 0,
  unreadable   int         not null default 0,
  check (from_at < to_at)
);
create index form_window_due on form_window (connector_id, due_at, from_at) where due_at is not null;
create index form_window_by_time on form_window (connector_id, from_at desc, id);
create index form_window_by_end on form_window (connector_id, form_digest, to_at desc);
grant select, insert, update on form_window to ${role};

-- A submission as the newest answer tells of it.
create table submission (
  connector_id    uuid        not null references connector on delete cascade,
  -- as ODK Central calls it
  submission_id   text        not null,
  window_id       uuid        not null references form_window,
  submitted_at    timestamptz,
  -- of the person who is known by its virtual ID; null where the filter selects nobody who has it
  tokenisation_id uuid        references tokenisation on delete cascade,
  code            text        not null default '',
  seen_at         timestamptz not null,
  primary key (connector_id, submission_id)
);
create index submission_by_time on submission (connector_id, seen_at desc, submission_id);
create index submission_by_window on submission (window_id);
create index submission_by_tokenisation on submission (tokenisation_id) where tokenisation_id is not null;
create index submission_unknown on submission (connector_id, code) where tokenisation_id is null;
grant select, insert, update on submission to ${role};
