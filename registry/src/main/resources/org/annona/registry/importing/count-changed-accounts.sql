-- People who are registered and would be paid to another account than now, or to one where they have none.
update import i
   set accounts_changed = (select count(*)
                             from import_row r
                             left join account a on a.person_id = r.person_id and a.active
                            where r.import_id = i.id and r.outcome = 'update' and r.account_index is not null
                              and r.account_index is distinct from a.number_index)
 where i.id = :import
