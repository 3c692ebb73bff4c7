update foundation.organisation set name = :name where id = :id
