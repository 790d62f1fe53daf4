# `sidekiq_client.rb rate JOBS` prints seconds to the last result; `starts RUNS GAP_S FOLDER` the submits' times, ns.
require "json"
require_relative "sidekiq_tasks"

def done = Sidekiq.redis { |connection| connection.get("bench:done").to_i }

def wait_for(count)
  sleep 0.005 while done < count
end

before = done + 1
TrueJob.perform_async
wait_for(before)
if ARGV[0] == "rate"
  jobs = ARGV[1].to_i
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  Sidekiq::Client.push_bulk("class" => TrueJob, "args" => Array.new(jobs) { [] })
  wait_for(before + jobs)
  puts JSON.generate(Process.clock_gettime(Process::CLOCK_MONOTONIC) - start)
else
  runs, gap, folder = ARGV[1].to_i, ARGV[2].to_f, ARGV[3]
  times = Array.new(runs) do |run|
    at = Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)
    DateJob.perform_async("#{folder}/#{run}")
    sleep gap
    at.to_s
  end
  wait_for(before + runs)
  puts JSON.generate(times)
end
