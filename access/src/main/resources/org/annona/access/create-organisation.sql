insert into foundation.organisation (code, name, created_by) values (:code, :name, :by) returning id
