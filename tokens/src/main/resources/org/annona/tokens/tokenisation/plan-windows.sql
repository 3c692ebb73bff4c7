-- What lies within the agreed time and in no window yet, in parts of a day. Where the connector goes on, the end of what was read
-- so far is read once more.
with seen as (
  select range_agg(tstzrange(from_at, to_at)) as parts, max(to_at) as last
    from form_window
   where connector_id = :connector and form_digest = :form
), missing as (
  select tstzmultirange(tstzrange(:from, :to))
         - (coalesce(seen.parts, '{}')
            - case when :again and seen.last < :to::timestamptz
                   then tstzmultirange(tstzrange(seen.last - make_interval(secs => :overlap), seen.last))
                   else '{}' end) as parts
    from seen
)
insert into form_window (id, connector_id, form_digest, from_at, to_at, due_at)
select gen_random_uuid(), :connector, :form, day.from_at, least(day.from_at + interval '1 day', upper(gap.part)), :now
  from missing
  cross join unnest(missing.parts) as gap(part)
  cross join generate_series(lower(gap.part), upper(gap.part) - interval '1 millisecond', interval '1 day') as day(from_at)
