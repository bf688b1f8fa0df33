import type { Scene } from './scene.ts'

export const side = (scene: Scene, name: 'Request' | 'Response') =>
  scene.detail.getByRole('region', { name })

/** Opens the detail of the first event of the list that shows a text. */
export async function opened(scene: Scene, text: string): Promise<void> {
  await scene.row(text).first().click()
  await scene.detail.getByRole('heading', { name: /^Event \d+$/ }).waitFor()
}
