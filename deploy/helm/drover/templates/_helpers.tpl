{{- define "drover.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "drover.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "drover.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "drover.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Labels by which a part is found; they never change. Called with (list $ "part"). */ -}}
{{- define "drover.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "drover.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "drover.labels" -}}
{{- $root := index . 0 -}}
{{ include "drover.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: drover
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "drover.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "drover.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "drover.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "drover.secretName" -}}
{{- default (include "drover.fullname" .) .Values.secret.existing -}}
{{- end -}}

{{- /* The data of the chart's own Secret, as YAML: the given values, and what is made of passwords. */ -}}
{{- define "drover.secretValues" -}}
{{- $values := deepCopy .Values.secret.values -}}
{{- $name := include "drover.fullname" . -}}
{{- if and .Values.postgres.enabled $values.record_password (not $values.DROVER_DATABASE_URL) -}}
{{- $url := printf "postgres://drover:%s@%s-postgres:5432/drover" $values.record_password $name -}}
{{- $_ := set $values "DROVER_DATABASE_URL" $url -}}
{{- end -}}
{{- if and .Values.redis.enabled $values.redis_password -}}
{{- if not $values.DROVER_REDIS_URL -}}
{{- $_ := set $values "DROVER_REDIS_URL" (printf "redis://:%s@%s-redis:6379" $values.redis_password $name) -}}
{{- end -}}
{{- $_ := set $values "redis_auth" (printf "requirepass %s" $values.redis_password) -}}
{{- $_ := unset $values "redis_password" -}}
{{- end -}}
{{- toYaml $values -}}
{{- end -}}

{{- /* The keys of the Secret, as a YAML list. */ -}}
{{- define "drover.secretKeys" -}}
{{- if .Values.secret.existing -}}
{{- toYaml .Values.secret.keys -}}
{{- else -}}
{{- keys (include "drover.secretValues" . | fromYaml) | sortAlpha | toYaml -}}
{{- end -}}
{{- end -}}

{{- /* Whether a program may see a key. Called with (list "program" "key"). */ -}}
{{- define "drover.maySee" -}}
{{- $program := index . 0 -}}
{{- $key := index . 1 -}}
{{- if eq $program "api" -}}
{{- /* All settings but the login of the owner of the schema. */ -}}
{{- if and (or (eq $key "instance_key") (regexMatch "^[A-Z]" $key)) (ne $key "DROVER_MIGRATE_URL") }}yes{{ end -}}
{{- else if eq $program "migrate" -}}
{{- if regexMatch "^DROVER_(DATABASE|MIGRATE|TICKETS|REDIS)_URL$" $key }}yes{{ end -}}
{{- else if eq $program "worker" -}}
{{- if eq $key "DROVER_ENROLMENT_TOKEN" }}yes{{ end -}}
{{- else if eq $program "postgres" -}}
{{- if has $key (list "postgres_password" "record_password") }}yes{{ end -}}
{{- else if eq $program "redis" -}}
{{- if eq $key "redis_auth" }}yes{{ end -}}
{{- end -}}
{{- end -}}

{{- /* The keys that a program sees, as a YAML list. Called with (list $ "program"). */ -}}
{{- define "drover.keysOf" -}}
{{- $seen := list -}}
{{- range include "drover.secretKeys" (index . 0) | fromYamlArray -}}
{{- if include "drover.maySee" (list (index $ 1) .) -}}{{- $seen = append $seen . -}}{{- end -}}
{{- end -}}
{{- toYaml $seen -}}
{{- end -}}

{{- /* The volume with the keys of a program. Called with (list $ "program" mode). */ -}}
{{- define "drover.secretVolume" -}}
name: {{ index . 1 }}-secrets
secret:
  secretName: {{ include "drover.secretName" (index . 0) }}
  defaultMode: {{ index . 2 }}
  items:
  {{- range include "drover.keysOf" . | fromYamlArray }}
    - { key: {{ . }}, path: {{ . }} }
  {{- end }}
{{- end -}}

{{- define "drover.secretMount" -}}
{ name: {{ index . 1 }}-secrets, mountPath: /run/secrets, readOnly: true }
{{- end -}}

{{- /* The variables that name a program's secret files. Called with (list $ "program"). */ -}}
{{- define "drover.secretEnv" -}}
{{- range include "drover.keysOf" . | fromYamlArray }}
- name: {{ if eq . "instance_key" }}DROVER_KEY_FILE{{ else }}{{ . }}_FILE{{ end }}
  value: /run/secrets/{{ . }}
{{- end }}
{{- end -}}

{{- /* Variables of two dicts; those of the second one count more. Called with (list ours theirs). */ -}}
{{- define "drover.env" -}}
{{- range $name, $value := mergeOverwrite (dict) (index . 0) (index . 1) }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end -}}

{{- define "drover.hardened" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- /* The security of a pod whose programs are one ordinary user. Called with the user's number. */ -}}
{{- define "drover.ordinary" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "drover.scheme" -}}
{{- if .Values.tls.secret -}}https{{- else -}}http{{- end -}}
{{- end -}}

{{- /* The names of the API's service, the one that workers use last. */ -}}
{{- define "drover.serviceNames" -}}
{{- $name := printf "%s-api" (include "drover.fullname" .) -}}
{{- $in := .Release.Namespace -}}
{{- list $name (printf "%s.%s" $name $in) (printf "%s.%s.svc.%s" $name $in .Values.clusterDomain)
  (printf "%s.%s.svc" $name $in) | toYaml -}}
{{- end -}}

{{- define "drover.apiUrl" -}}
{{- $own := include "drover.serviceNames" . | fromYamlArray | last -}}
{{- default (printf "%s://%s:%v" (include "drover.scheme" .) $own .Values.api.service.port) .Values.worker.apiUrl -}}
{{- end -}}

{{- define "drover.publicUrl" -}}
{{- if .Values.api.publicUrl -}}
{{- .Values.api.publicUrl -}}
{{- else if and .Values.ingress.enabled .Values.ingress.hosts -}}
{{- printf "%s://%s" (ternary "https" "http" (ne .Values.ingress.tlsSecret "")) (first .Values.ingress.hosts) -}}
{{- end -}}
{{- end -}}

{{- /* Where pods go. Called with the values of a part. */ -}}
{{- define "drover.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{- /* Ends the rendering where the Secret lacks a key. Called with (list $ "key"). */ -}}
{{- define "drover.need" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- if not (has $key (include "drover.secretKeys" $root | fromYamlArray)) -}}
{{- if $root.Values.secret.existing -}}
{{- fail (printf "secret.keys lacks %s: put it into the Secret %s, and name it there." $key
  $root.Values.secret.existing) -}}
{{- end -}}
{{- $given := ternary "redis_password" $key (has $key (list "redis_auth" "DROVER_REDIS_URL")) -}}
{{- fail (printf "secret.values.%s is missing: set it, or name a Secret of yours in secret.existing." $given) -}}
{{- end -}}
{{- end -}}

{{- /* Ends the rendering with a sentence where values do not fit each other. */ -}}
{{- define "drover.check" -}}
{{- $values := .Values -}}
{{- $needed := list "DROVER_ENROLMENT_TOKEN" -}}
{{- if $values.postgres.enabled }}{{ $needed = concat $needed (list "postgres_password" "record_password") }}{{ end -}}
{{- if $values.redis.enabled }}{{ $needed = concat $needed (list "redis_auth" "DROVER_REDIS_URL") }}{{ end -}}
{{- if $values.api.enabled }}{{ $needed = concat $needed (list "DROVER_DATABASE_URL" "instance_key") }}{{ end -}}
{{- if and $values.api.enabled $values.blobs.s3.accessKeyId -}}
{{- $needed = append $needed "DROVER_S3_SECRET_ACCESS_KEY" -}}
{{- end -}}
{{- $hasRedis := has "DROVER_REDIS_URL" (include "drover.secretKeys" . | fromYamlArray) -}}
{{- if and $values.postgres.enabled (not (or $hasRedis $values.redis.enabled)) -}}
{{- fail "postgres.enabled needs redis.enabled, or DROVER_REDIS_URL in the Secret, for the tickets of workers." -}}
{{- end -}}
{{- range $needed }}{{ include "drover.need" (list $ .) }}{{ end -}}
{{- $volume := $values.blobs.volume -}}
{{- $isShared := or $values.blobs.s3.bucket $volume.existingClaim (has "ReadWriteMany" $volume.accessModes) -}}
{{- if and $values.api.enabled (gt (int $values.api.replicas) 1) (not $isShared) -}}
{{- fail (printf "api.replicas is %v, and blobs.volume.accessModes lacks ReadWriteMany: %s" $values.api.replicas
  "set it, or blobs.s3.bucket, or api.replicas=1.") -}}
{{- end -}}
{{- if and $values.worker.enabled (not $values.api.enabled) (not $values.worker.apiUrl) -}}
{{- fail "api.enabled is false: worker.apiUrl has to say where the API is." -}}
{{- end -}}
{{- $metrics := $values.metrics -}}
{{- if and $metrics.serviceMonitor.enabled (not $metrics.open) (not $metrics.serviceMonitor.oauth2) -}}
{{- fail (printf "metrics.serviceMonitor.enabled, and /metrics needs a login: set %s, or metrics.open=true."
  "metrics.serviceMonitor.oauth2") -}}
{{- end -}}
{{- end -}}
