import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface Tab {
  id: string;
  label: string;
  content: () => ReactNode;
}

/** Panels of which one shows. The content of the others is not there, and asks for nothing. */
export function Tabs({
  tabs,
  value,
  onChange,
}: {
  tabs: readonly Tab[];
  value: string;
  onChange: (id: string) => void;
}) {
  return (
    <Base.Root value={value} onValueChange={(id) => onChange(String(id))}>
      <Base.List className="tabs__list">
        {tabs.map(({ id, label }) => (
          <Base.Tab key={id} value={id} className="tabs__tab">
            {label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ id, content }) => (
        <Base.Panel key={id} value={id}>
          {id === value && content()}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
