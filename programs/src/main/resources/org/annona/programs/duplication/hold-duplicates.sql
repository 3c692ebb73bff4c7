-- In programmes that ask for clearance by this source, households with a member who may be a duplicate are held.
update enrolment e
   set state = 'duplicate_held', reason = 'DUP_EXTERNAL', changed_by = :actor, cause = :cause, changed_at = :now
 where e.state in ('applied', 'waitlisted', 'enrolled', 'suspended')
   and e.programme_id in (select programme_id from duplication_gate where source_id = :source)
   and e.subject_id in (select m.subject_id
                            from subject_member m
                            join duplication_check c on c.person_id = m.person_id and c.source_id = :source
                           where c.id = any (:checks::uuid[]) and c.review = 'open'
                             and m.valid_from <= :today and (m.valid_to is null or m.valid_to > :today))
