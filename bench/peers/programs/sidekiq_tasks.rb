# The Sidekiq side: workers that start a program. Sidekiq keeps no results, so each counts itself when it is done.
require "sidekiq"

redis = { url: "#{ENV.fetch('BENCH_REDIS_URL')}/0" }
Sidekiq.configure_server { |config| config.redis = redis }
Sidekiq.configure_client { |config| config.redis = redis }

class TrueJob
  include Sidekiq::Worker

  def perform
    raise "true failed" unless system("/bin/true")
    Sidekiq.redis { |connection| connection.incr("bench:done") }
  end
end

class DateJob
  include Sidekiq::Worker

  def perform(path)
    raise "date failed" unless system("/bin/date", "+%s%N", out: [path, "a"])
    Sidekiq.redis { |connection| connection.incr("bench:done") }
  end
end
