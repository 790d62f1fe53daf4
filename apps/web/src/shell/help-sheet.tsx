import { useShownShortcuts } from '../lib/shortcuts.js';
import { Dialog } from '../ui/dialog.js';
import { Keys } from '../ui/key.js';

/** The keys that do something on the present screen. */
export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const groups = useShownShortcuts();
  return (
    <Dialog title="Keys" onClose={onClose} isText>
      {groups.map(({ name, shortcuts }) => (
        <section key={name} className="keys">
          <h3 className="muted small">{name}</h3>
          <dl>
            {shortcuts.map(({ keys, does }) => (
              <div key={keys}>
                <dt>{does}</dt>
                <dd>
                  <Keys keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <section className="keys">
        <dl>
          <div>
            <dt>Find a screen, job, queue or node</dt>
            <dd>
              <Keys keys="Ctrl K" />
            </dd>
          </div>
        </dl>
      </section>
    </Dialog>
  );
}
