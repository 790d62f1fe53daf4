// Generated from /docs-json by `npm run gen`. Do not edit.
import type { Schema } from './schema.js';

export const SUBMIT_SCHEMA: Schema = {
  "type": "object",
  "properties": {
    "command": {
      "description": "A text is run by `/bin/sh -c`; a list is executed as it is. May be absent only with a `payload`, for an HTTP-pull agent.",
      "oneOf": [
        {
          "type": "string"
        },
        {
          "type": "array",
          "items": {
            "type": "string"
          }
        }
      ]
    },
    "env": {
      "type": "object",
      "description": "Environment of the job.",
      "additionalProperties": {
        "type": "string"
      }
    },
    "start_at": {
      "type": "string",
      "format": "date-time",
      "description": "The job does not start before this time. ISO 8601 with its zone."
    },
    "cron": {
      "description": "Repeats: each tick makes a child job (its `parent_id` is this one). A text is in UTC.",
      "oneOf": [
        {
          "type": "string"
        },
        {
          "type": "object",
          "required": [
            "pattern",
            "timezone"
          ],
          "properties": {
            "pattern": {
              "type": "string",
              "description": "Five fields, or six with seconds first."
            },
            "timezone": {
              "type": "string",
              "description": "IANA name, e.g. Europe/Berlin."
            }
          }
        }
      ]
    },
    "expires_at": {
      "type": "string",
      "format": "date-time",
      "description": "Ends as `expired` if it has not started by then. A job that has run has met it: it no longer expires when its node is lost or it is tried again. ISO 8601 with its zone."
    },
    "metadata": {
      "type": "object",
      "description": "Yours; Drover only keeps it."
    },
    "payload": {
      "type": "object",
      "description": "Opaque, for HTTP-pull agents."
    },
    "id": {
      "type": "string",
      "description": "Id of your own: a UUID in lower case. Default: made by Drover."
    },
    "queue": {
      "type": "string",
      "description": "The line in which it waits. Default `default`."
    },
    "name": {
      "type": "string",
      "description": "A text for people."
    },
    "image": {
      "type": "string",
      "description": "Runs in a container of this image."
    },
    "workdir": {
      "type": "string",
      "description": "Relative to the job's own folder, or absolute. Default: that folder."
    },
    "stdin": {
      "type": "string",
      "description": "Standard input. Default: nothing."
    },
    "resources": {
      "type": "object",
      "properties": {
        "nodes": {
          "type": "number",
          "description": "Nodes, all at once."
        },
        "tasks": {
          "type": "number",
          "description": "Processes over all nodes."
        },
        "cpus_per_task": {
          "type": "number",
          "description": "Processors of each task."
        },
        "gpus_per_task": {
          "type": "number",
          "description": "GPUs of each task."
        },
        "memory_mb": {
          "type": "number",
          "description": "Memory in MiB."
        },
        "exclusive": {
          "type": "boolean",
          "description": "Alone on its node."
        }
      }
    },
    "limits": {
      "type": "object",
      "properties": {
        "runtime_s": {
          "type": "number",
          "description": "Seconds from the start of the process until it is ended with cause `timeout`."
        },
        "silence_s": {
          "type": "number",
          "description": "Longest time without a byte of output, seconds; then cause `silence`."
        },
        "output_bytes": {
          "type": "number",
          "description": "Bytes of both streams together; then cause `output_limit`."
        },
        "grace_s": {
          "type": "number",
          "description": "Seconds from TERM to KILL. Default 10."
        }
      }
    },
    "retry": {
      "type": "object",
      "required": [
        "max"
      ],
      "properties": {
        "max": {
          "type": "number",
          "description": "How many attempts may follow the first."
        },
        "backoff_s": {
          "type": "number",
          "description": "Seconds before the first retry. Default 1."
        },
        "factor": {
          "type": "number",
          "description": "Each further wait is this many times longer (at most a day). Default 2."
        }
      }
    },
    "priority": {
      "type": "number",
      "description": "Higher runs first. Default 0."
    },
    "pinned": {
      "type": "boolean",
      "description": "true: it is kept, with all that belongs to it, however old it is."
    },
    "depends_on": {
      "type": "array",
      "description": "Starts when all of these jobs have succeeded; fails with cause `dependency_failed` if one ends otherwise.",
      "items": {
        "type": "string"
      }
    },
    "parent_id": {
      "type": "string",
      "description": "The job that this one is a part of: both are shown as a family, and `parent` finds its jobs. It changes neither when the job starts nor what becomes of it. A job that you may not see is one that does not exist."
    },
    "tags": {
      "type": "array",
      "description": "A name to find the job again.",
      "items": {
        "type": "string"
      }
    },
    "artifacts": {
      "type": "array",
      "description": "Files to keep: globs relative to the working directory.",
      "items": {
        "type": "string"
      }
    },
    "keep_workdir": {
      "type": "boolean",
      "description": "Keep the job's own folder on the node after the end."
    },
    "webhooks": {
      "type": "array",
      "items": {
        "type": "object",
        "required": [
          "url"
        ],
        "properties": {
          "on": {
            "type": "array",
            "description": "States that are told. Default: the four ends.",
            "items": {
              "type": "string",
              "enum": [
                "scheduled",
                "queued",
                "claimed",
                "running",
                "cancelling",
                "succeeded",
                "failed",
                "cancelled",
                "expired"
              ],
              "description": "The state of the job now."
            }
          },
          "format": {
            "type": "string",
            "enum": [
              "json",
              "cloudevents"
            ],
            "description": "json: the message itself. cloudevents: a CloudEvent 1.0 (structured, application/cloudevents+json) with the message as its data. Default: json."
          },
          "url": {
            "type": "string",
            "description": "http or https."
          },
          "secret": {
            "type": "string",
            "description": "Key of the HMAC in the header X-Drover-Signature. Never shown again."
          }
        }
      }
    }
  }
};
