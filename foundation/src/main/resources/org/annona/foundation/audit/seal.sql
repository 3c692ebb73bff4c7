select foundation.seal_audit(:chain, :seq, :seal)
