select code from foundation.organisation where id = :id for update
