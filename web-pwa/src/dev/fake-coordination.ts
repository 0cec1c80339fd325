export const fakeCoordination = (_scene: string) => ({})
