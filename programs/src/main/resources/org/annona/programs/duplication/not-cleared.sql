-- A household is cleared when every member who can be asked for is, and at least one was. A member without any identifier
-- cannot be asked for; alone it clears nobody. A source that this organisation cannot see clears nobody either.
select h.subject_id
  from unnest(:households::uuid[]) as h(subject_id)
  join duplication_gate g on g.programme_id = :programme
  left join duplication_source s on s.id = g.source_id
  left join lateral (
    select bool_and(coalesce(cleared or without_identifier, false)) as everybody, bool_or(cleared) as somebody
      from (select c.result = 'no_match' or c.review = 'no_duplicate' as cleared,
                   c.result = 'not_checked' and c.state = 'ready' and c.next_try_at is null as without_identifier
              from subject_member m
              join person p on p.id = m.person_id and p.active
              left join duplication_check c on c.source_id = g.source_id and c.person_id = m.person_id
             where m.subject_id = h.subject_id and m.valid_from <= :today
               and (m.valid_to is null or m.valid_to > :today)) members
  ) seen on true
 where s.id is null or s.active and not coalesce(seen.everybody and seen.somebody, false)
 group by h.subject_id
