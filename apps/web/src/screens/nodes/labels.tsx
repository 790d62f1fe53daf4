/** The labels of a node. */
export const Labels = ({ labels }: { labels: Readonly<Record<string, string>> }) =>
  Object.entries(labels).map(([label, value]) => (
    <span key={label} className="label">
      {label}={value}
    </span>
  ));
