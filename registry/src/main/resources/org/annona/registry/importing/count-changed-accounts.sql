update import i
   set accounts_changed = (select count(*)
                             from import_row r
                             join account a on a.person_id = r.person_id and a.active
                            where r.import_id = i.id and r.outcome = 'update' and r.account_index is not null
                              and r.account_index <> a.number_index)
 where i.id = :import
