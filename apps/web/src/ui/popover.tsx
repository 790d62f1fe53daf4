import { useId, useRef, type ReactNode } from 'react';
import { Icon, type IconName } from './icons.js';

interface PopoverProps {
  label: string;
  icon: IconName;
  children: ReactNode;
}

const GAP_PX = 4;

/** A button that opens a panel above the page. The browser closes it at Escape, and at a click elsewhere. */
export function Popover({ label, icon, children }: PopoverProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const place = (): void => {
    const at = button.current?.getBoundingClientRect();
    if (!at || !panel.current) return;
    panel.current.style.top = `${at.bottom + GAP_PX}px`;
    panel.current.style.right = `${Math.max(GAP_PX, innerWidth - at.right)}px`;
  };
  return (
    <>
      <button ref={button} type="button" className="button" popoverTarget={id}>
        <Icon name={icon} size={14} />
        {label}
      </button>
      <div ref={panel} id={id} popover="auto" className="menu popover" role="group" aria-label={label} onToggle={place}>
        {children}
      </div>
    </>
  );
}
